"""Photo credits: how a line shows that it is a picture's caption. Patterns only; context is ``qa.ingest.roles``'s.

News agencies also sign prose ("(AP)", "via Reuters"), so a credit needs a photo word, a picture agency, or a
photographer's name.
"""

from __future__ import annotations

import re

_PHOTO_WORD = (
    r"(?:(?:ap|afp|epa|file|stock|handout|courtesy|press|epa-efe|upi|getty|reuters) )?"
    r"(?:photos?|images?|pictures?|pics?|photograph|(?:photo )?illustration|screenshot|screengrab|"
    r"video still|source photo)"
    r"(?: credits?| source)?"
)
_NEWS_AGENCY = r"(?:reuters|afp|ap|bloomberg|upi|xinhua|pa|dpa|tass|anadolu)"
_PICTURE_AGENCY = (
    r"(?:getty(?: images)?|shutterstock|istock(?:photo)?|alamy(?: stock photo)?|epa|wireimage|"
    r"zuma(?: press)?|rex|flickr|"
    r"wikimedia(?: commons)?|unsplash|pixabay|imago)"
)
_AGENCY = f"(?:{_NEWS_AGENCY}|{_PICTURE_AGENCY})"
_NAME = r"(?-i:[A-Z])[\w.'’-]*+"
_NAMES = rf"{_NAME}(?:(?:,| [/|]|/| &| and| for| of| via| via the)?[ /]{_NAME}){{0,9}}"

# "(Photo : Reuters)", "(AP Photo/Ann Lee)", "(Ann Lee/Getty Images)", "[Image: the museum]".
_IN_BRACKETS = re.compile(
    rf"[(\[]\s*(?:{_PHOTO_WORD}\s*(?::|/(?=(?-i:[A-Z]))|(?:by|courtesy(?: of)?|via|from|"
    rf"provided by)(?= (?-i:[A-Z])|:)).*|"
    rf"credits?\s*:.*|file photo|(?:©|.*[/|]|.*\bvia|courtesy of) ?{_PICTURE_AGENCY}\b.*|"
    rf"{_NAME} .*/ ?{_NEWS_AGENCY}\b.*)"
    r"\s*[)\]]\s*\.?\Z",
    re.IGNORECASE,
)
# "... in Rome. Photo: Ann Lee", "... — Ann Lee/Getty Images", "... File photo".
_AT_END = re.compile(
    rf"(?:^|[.!?\"”’|] ?|\s[—–-] ?)(?:{_PHOTO_WORD}\s?(?::|by) ?{_NAMES}|"
    rf"credits?\s?: ?{_NAMES}|(?:file|stock|handout) (?:photo|image|picture)|"
    rf"{_NAMES}(?: ?[/|] ?| via ){_AGENCY}(?: ?[/|] ?{_NAMES})?|{_AGENCY} ?/ ?{_NAMES})\.?\Z",
    re.IGNORECASE,
)
_AT_START = re.compile(
    rf"(?:{_PHOTO_WORD}\s?(?::|/(?=(?-i:[A-Z])))|{_PHOTO_WORD} by {_NAMES}\.?\Z|(?:caption|pictured)\s?:|"
    rf"credits?: {_NAMES}\.?\Z|"
    rf"(?:file|stock|handout) (?:photo|image)(?:\Z|[,:.—–-])|{_AGENCY} ?/ ?{_NAMES}\.?\Z)",
    re.IGNORECASE,
)
_HINTS = (
    "photo",
    "imag",
    "pic",
    "credit",
    "illustration",
    "screen",
    "video",
    "caption",
    "courtesy",
    "/",
    "|",
    "via",
    "©",
)
_EDGE = " \t\u00a0*_•▪●◦‣>»→-–—"
_LONGEST_CREDIT = 140


def credit(line: str) -> int | None:
    """Where the photo credit of a caption begins in ``line`` (0: the whole line); ``None`` where there is none."""
    lowered = line.lower()
    if not any(hint in lowered for hint in _HINTS):
        return None
    if lowered.rstrip(".")[-1:] in (")", "]"):
        opened = max(line.rfind("(", -_LONGEST_CREDIT), line.rfind("[", -_LONGEST_CREDIT))
        if opened >= 0 and _IN_BRACKETS.match(line, opened) is not None:
            return opened
    if _AT_START.match(line.lstrip(_EDGE)) is not None:
        return 0
    at_end = _AT_END.search(line, max(0, len(line) - _LONGEST_CREDIT))
    if at_end is None or (at_end.start() > 0 and at_end.start() == len(line) - _LONGEST_CREDIT):
        return None
    # The end mark before the credit is the caption's own.
    return at_end.start() + (line[at_end.start()] in '.!?"”’')
