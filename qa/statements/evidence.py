"""Weighs what speaks for and against a capitalised run being a person's name: its own words and what stands around it.

The weights are small hand-set numbers; what they add up to, and over which places, is decided in ``figures``.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.statements import roles, verbs
from qa.statements import vocabulary as v
from qa.statements.given_names import is_given
from qa.statements.roles import RolePhrase
from qa.statements.tokens import Line, Token

_PLACE_LIKE = v.PLACE_STARTS | v.COUNTRIES
_ASIDE = 16  # tokens
_INVERTED = v.words("said says added asked wrote explained")


class Evidence:
    """The evidence in one sentence. ``lowers``: words that the article also writes in lower case."""

    def __init__(self, tokens: Sequence[Token], line: Line, lowers: set[str]) -> None:
        self._tokens = tokens
        self._line = line
        self._lowers = lowers

    def own_score(self, words: Sequence[Token], parts: tuple[str, ...]) -> float:
        """What the words of the name themselves say."""
        score = 0.0
        if any(token.low == "&" or any(letter.isdigit() for letter in token.text) for token in words):
            score -= 8
        if parts[-1] in v.ORGANISATIONS or parts[-1] in v.PLACES:
            score -= 8 if len(parts) > 1 else 4
        if parts[0] in v.PLACE_STARTS or parts[0] in ("university", "bank", "ministry", "department", "house"):
            score -= 4
        if any(part in v.COUNTRIES or part in v.NATIONALITIES for part in parts[-1:] if not _name_of_two(parts)):
            score -= 5
        if any(part in v.MONTHS_AND_DAYS for part in parts[1:]):
            score -= 4
        if any(token.text.isupper() and len(token.low) > 2 and token.text.isalpha() for token in words):
            score -= 3
        if len(parts) > 1:
            score += self._shape_score(words, parts)
        elif is_given(parts[0]) and parts[0] not in v.COUNTRIES:
            score += 1.5
        return score

    def _shape_score(self, words: Sequence[Token], parts: tuple[str, ...]) -> float:
        score = 0.0
        if is_given(parts[0]) and len(parts) < 5 and not self._common(words[0]):
            score += 2.5
        if parts[0] in v.FAMILY_FIRST and len(parts) < 4 and not self._common(words[0]):
            score += 1
        if any(is_initial(token) for token in words[:-1]):
            score += 2.5
        if any(part in v.PARTICLES for part in parts[1:-1]) or parts[-1].partition("-")[0] in v.PARTICLES:
            score += 1
        score -= 1.5 * sum(self._common(token) for token in words)
        return score - 2 * max(0, len(parts) - 4)

    def _common(self, token: Token) -> bool:
        return (
            not is_initial(token)
            and (token.low in self._lowers or token.low in v.FUNCTION_WORDS)
            and token.low not in v.PARTICLES
        )

    def context_score(self, first: int, last: int) -> float:
        """What stands right before and after says."""
        before, after = self._before(first), self._at(last)
        score = 0.0
        if before == "the":
            score -= 5
        if before in ("in", "at", "near", "across", "throughout"):
            score -= 2
        if before in v.KIN:
            score += 3
        if after == "'s" and self._at(last + 1) in v.KIN:
            score += 2
        if after == "," and self._at(last + 1) == "who":
            score += 2.5
        if after == "," and self._is_age(last + 1):
            score += 3.5
        if after in ("who", "whose"):
            score += 1.5
        reported = verbs.look_up(self._at(last + 1))
        if before == after == "," and reported is not None and reported.form in ("past", "s"):
            score += 1.5  # "her challenger, Zhang Wei, said"
        return score

    def _is_age(self, place: int) -> bool:
        """``, 47,`` or ``, 47 said``; four digits are a year."""
        low = self._at(place)
        return low.isdigit() and len(low) in (1, 2) and self._at(place + 1) in (",", ".", "who", ";")

    def is_subject(self, first: int, last: int) -> bool:
        """Whether a verb of speech or another person's verb belongs to it."""
        place = last
        while self._at(place) in v.ADVERBS and place - last < 4:
            place += 1
        if verbs.is_saying(self._at(place)) or self._at(place) in v.PERSONAL_VERBS:
            return True
        if self._at(place) == "," and verbs.is_saying(self._at(self._past_aside(place))):
            return True  # "Zhang, a hydrologist, said", "her challenger, Zhang, said"
        return verbs.is_saying(self._before(first)) and self._before(first) in _INVERTED

    def _past_aside(self, place: int) -> int:
        """Where the sentence goes on after the comma at ``place``: at once, or after what stands between two."""
        if verbs.is_saying(self._at(place + 1)):
            return place + 1
        closes = (step for step in range(place + 2, place + _ASIDE) if self._at(step) in (",", ".", ";", ":"))
        end = next(closes, place)
        return end + 1 if self._at(end) == "," else place

    def role_before(self, first: int) -> RolePhrase | None:
        """The job description that ends where the name starts: "the Alibaba chief executive Daniel Zhang"."""
        for length in (3, 2, 1):
            start = first - length
            if start >= self._line.first and roles.head_at(self._tokens, start, first)[0] == length:
                return roles.phrase_around(self._tokens, start, self._line.first, self._line.last)
        if self._before(first) == ",":  # "The mayor, Jeroen van der Velde, opened"
            for length in (3, 2, 1):
                start = first - 1 - length
                if start >= self._line.first and roles.head_at(self._tokens, start, first - 1)[0] == length:
                    phrase = roles.phrase_around(self._tokens, start, self._line.first, self._line.last)
                    named = self._goes_on(first)
                    # "a spokesman, Colm Ferris, said": who it is, not another one of a list
                    return phrase if phrase is not None and (phrase.definite or named) else None
            return self._role_of(first)
        return None

    def _role_of(self, first: int) -> RolePhrase | None:
        """``A spokesperson for the company, Ada Berg,``: a job, whose it is, and the name after the comma."""
        for step in range(first - 3, max(self._line.first, first - _ASIDE), -1):
            if self._at(step) in (",", ".", ";", ":") or verbs.is_saying(self._at(step)):
                return None
            if self._at(step) in ("of", "for", "at", "from") and roles.is_head(self._at(step - 1)):
                around = roles.phrase_around(self._tokens, step - 1, self._line.first, self._line.last)
                return around if self._goes_on(first) else None
        return None

    def _goes_on(self, first: int) -> bool:
        """Whether a name has another word."""
        following = self._tokens[first + 1] if first + 1 < self._line.last else None
        return following is not None and (following.capital or following.low in v.PARTICLES)

    def role_after(self, last: int) -> RolePhrase | None:
        """The job description in apposition: ``, the company's chief executive`` (and ``, 47, a farmer``)."""
        if self._at(last) != ",":
            return None
        place = last + 1
        if self._is_age(place) and self._at(place + 1) == ",":
            place += 2
        for step in range(place, min(place + 7, self._line.last)):
            if self._at(step) in (",", ".", "and", ";", "said", "who", "but") or verbs.is_saying(self._at(step)):
                return None
            if roles.head_at(self._tokens, step, self._line.last)[0]:
                return roles.phrase_around(self._tokens, step, place, self._line.last)
        return None

    def _before(self, place: int) -> str:
        return self._tokens[place - 1].low if place > self._line.first else ""

    def _at(self, place: int) -> str:
        return self._tokens[place].low if place < self._line.last else ""


def is_initial(token: Token) -> bool:
    """``J.``, ``J.K.`` or a single capital."""
    letters = token.text.replace(".", "")
    return (1 <= len(letters) <= 3 and token.text.endswith(".") and letters.isupper()) or (
        len(token.text) == 1 and token.capital
    )


def _name_of_two(parts: tuple[str, ...]) -> bool:
    """A listed given name and a word that is also a country or a people ("Michael Jordan", "Emma England")."""
    return len(parts) == 2 and is_given(parts[0]) and parts[0] not in _PLACE_LIKE
