"""Reporting verbs of English with their inflections, in three classes by what follows them.

``say`` verbs carry a quote or a that-clause; ``object`` verbs carry what was said as an object ("denied the charge");
``stance`` verbs report a view or wish rather than an utterance. Finding them in a sentence is done in ``cues``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from qa.statements.vocabulary import words

_SAY = (
    "say tell add note warn explain argue claim insist acknowledge admit announce declare assert contend "
    "maintain remark observe state report reply respond reveal disclose recall concede confirm emphasize "
    "emphasise stress underline underscore predict forecast estimate suggest write tweet post joke quip "
    "comment conclude caution complain allege testify boast brag lament vow swear promise pledge reiterate "
    "repeat stipulate counter retort exclaim shout whisper mutter murmur sigh ask wonder inquire plead beg "
    "muse opine proclaim affirm reaffirm clarify signal hint imply confide confess protest object interject "
    "echo elaborate recount relate advise assure inform notify remind answer agree disagree guarantee "
    "speculate posit theorize theorise fume attest retweet rule"
)
_OBJECT = (
    "urge deny criticize criticise praise condemn reject call propose cite accuse blame demand describe "
    "mention discuss detail outline highlight question defend denounce dismiss endorse promote mock attack "
    "slam blast welcome express address dispute refute challenge threaten advocate recommend request "
    "encourage implore invoke reference refer compliment commend applaud thank apologize apologise label dub "
    "deride ridicule lambaste decry deplore bemoan rebuke scold chastise castigate tout hail laud extol point "
    "speak talk characterize characterise liken refuse rebut portray depict"
)
_STANCE = (
    "believe think want hope expect fear plan worry feel know support oppose favor favour prefer consider "
    "doubt suspect intend seek find show indicate see view anticipate envision envisage"
)
_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "write": "wrote written",
    "swear": "swore sworn",
    "speak": "spoke spoken",
    "think": "thought",
    "feel": "felt",
    "know": "knew known",
    "understand": "understood",
    "seek": "sought",
    "find": "found",
    "show": "showed shown",
    "see": "saw seen",
    "read": "read",
    "bash": "bashed bashes",
    "forecast": "forecast forecasts forecasting",
    "foresee": "foresaw foreseen",
}
# A final consonant that doubles before -ed and -ing.
_DOUBLING = words("admit plan slam refer rebut quip chat beg dub brag")


# Forms that are nouns as often as verbs: they need a subject right before ("the report claims", not "their claims").
_NOUNS = words(
    "add note claim state report reply comment post tweet forecast estimate protest promise pledge question "
    "call demand attack mention detail challenge request reference label point talk hope fear plan support "
    "doubt view find show echo signal sigh whisper answer caution vow stress joke counter object outline "
    "highlight dispute welcome address plea boast worry hint remark suspect relate praise blame mock blast "
    "thank"
)


class Verb(NamedTuple):
    """A reporting verb's base form, class (``say``, ``object``, ``stance``) and form (``past``, ``base``, ``s``,
    ``ing``).
    """

    base: str
    kind: str
    form: str

    @property
    def may_be_noun(self) -> bool:
        """Whether this very form is also a common noun."""
        return self.form in ("s", "base") and self.base in _NOUNS


def look_up(low: str) -> Verb | None:
    """The reporting verb of which the folded word is a form, or ``None``."""
    return _forms().get(low)


def is_saying(low: str) -> bool:
    """Whether the word is a finite form of a ``say`` verb."""
    verb = _forms().get(low)
    return verb is not None and verb.kind == "say" and verb.form in ("past", "s")


@cache
def _forms() -> dict[str, Verb]:
    forms: dict[str, Verb] = {}
    for kind, bases in (("say", _SAY), ("object", _OBJECT), ("stance", _STANCE)):
        for base in bases.split():
            for form, inflected in _inflect(base):
                for word in inflected:
                    forms.setdefault(word, Verb(base, kind, form))
    return forms


def _inflect(base: str) -> list[tuple[str, list[str]]]:
    stem = base[:-1] if base.endswith("e") else base
    if base in _DOUBLING:
        stem = base + base[-1]
    past = stem + "ed"
    third = base + ("es" if base.endswith(("sh", "ch", "ss", "x", "z")) else "s")
    if base.endswith("y") and base[-2] not in "aeou":
        past, third = base[:-1] + "ied", base[:-1] + "ies"
    ing = base + "ing" if base in ("agree", "disagree", "see", "foresee") else stem + "ing"
    return [("past", _IRREGULAR.get(base, past).split()), ("s", [third]), ("ing", [ing]), ("base", [base])]
