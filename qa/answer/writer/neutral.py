"""A document's text as it may stand in a prompt: one line, nothing invisible, nothing that a delimiter or a chat
template is made of.

Only the prompt's copy is changed; what is cited is cut out of the ledger.
"""

from __future__ import annotations

import re

from qa.text import safe_text

#: What chat templates are marked with ("<|im_end|>", "[INST]", "<<SYS>>"), and our own delimiters and ids: angle
#: brackets become others that look like them, square ones with a mark or an id inside become round ones.
_ANGLES = str.maketrans("<>", "‹›")
_MARK = re.compile(r"\[(/?[A-Z_]{2,24}|s\d{1,6}-[a-z0-9]{1,12})\]")
#: Three or more of them would end or begin a block of code.
_FENCE = re.compile(r"`{3,}|~{3,}")
_FLAG = re.compile("[\U000e0000-\U000e007f]+")


def neutral(text: str) -> str:
    """``text`` for a prompt."""
    plain = _FLAG.sub("", text).translate(_ANGLES)
    plain = _FENCE.sub("'", _MARK.sub(r"(\1)", plain))
    return " ".join(safe_text(plain).split())
