"""Finds capitalised runs that may be persons' names, with the evidence around each one.

Evidence is structure (titles, job descriptions, ages, verbs, what follows) and closed classes of words. Adding the
evidence up over an article and linking the runs to persons is done in ``people``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.statements import roles
from qa.statements import vocabulary as v
from qa.statements.evidence import Evidence, is_initial
from qa.statements.given_names import is_given
from qa.statements.naming import fold
from qa.statements.roles import RolePhrase
from qa.statements.tokens import Line, Reading, Token

_SMALL = v.FUNCTION_WORDS | v.PARTICLES
_TRAILING = v.GENERATIONS | v.MONTHS_AND_DAYS | {"&"}
_OPENING_MARKS = v.words(": “ \" ‘ • - — … ’ ' .")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A capitalised run: tokens ``[first, last)`` and their folded words.

    ``score`` is evidence for a person (negative: against). ``title``: an honorific stands before it, whose gender
    is ``gender``. ``role`` is a job description beside it. ``subject``: a verb of speech or a person's verb belongs
    to it. ``title_case``: it stands in a headline that capitalises everything, so it can be recognised but
    introduces nobody.
    """

    first: int
    last: int
    parts: tuple[str, ...]
    line: int
    score: float
    title: bool = False
    gender: str = ""
    role: RolePhrase | None = None
    subject: bool = False
    corporate: bool = False
    title_case: bool = False
    initial: bool = False


def find_runs(reading: Reading) -> list[Run]:
    """All runs of the article in order of appearance."""
    lowers = {token.low for token in reading.tokens if token.text.islower()}
    runs: list[Run] = []
    for number, line in enumerate(reading.lines):
        scanner = _Scanner(reading, line, number, lowers)
        runs.extend(scanner.runs())
    return runs


def place_like(reading: Reading, runs: list[Run]) -> set[str]:
    """Bare words that the article uses after "in" or "near": a city, though it may be a given name too."""
    return {
        run.parts[0]
        for run in runs
        if len(run.parts) == 1
        and not run.title
        and run.first
        and reading.tokens[run.first - 1].low in ("in", "near", "outside")
    }


def is_title_case(tokens: tuple[Token, ...], line: Line) -> bool:
    """Whether every word but the small ones is capitalised, as in many headlines; one in eight may not be."""
    words = [t for t in tokens[line.first : line.last] if t.text[0].isalpha() and t.low not in _SMALL]
    capitals = sum(token.capital for token in words)
    return capitals >= 4 and (len(words) - capitals) * 8 < len(words)


class _Scanner:
    """Walks over one sentence. ``lowers``: words that the article also writes in lower case."""

    def __init__(self, reading: Reading, line: Line, number: int, lowers: set[str]) -> None:
        self._tokens = reading.tokens
        self._line = line
        self._number = number
        self._lowers = lowers
        self._title_case = is_title_case(reading.tokens, line)
        self._evidence = Evidence(reading.tokens, line, lowers)

    def runs(self) -> Iterator[Run]:
        place = self._line.first
        while place < self._line.last:
            length, _ = roles.head_at(self._tokens, place, self._line.last)
            if length and not self._is_surname(place, length):
                if length == 1 and self._tokens[place].capital and not self._capital(place + 1):
                    yield self._rolelike(place)
                place += length
            elif self._starts(place):
                end = self._end(place)
                yield from self._made(place, end)
                place = max(end, place + 1)
            else:
                place += 1

    def _capital(self, place: int) -> bool:
        return place < self._line.last and self._tokens[place].capital

    def _starts(self, place: int) -> bool:
        token = self._tokens[place]
        if token.capital:
            return True
        return token.low in v.LEADING_PARTICLES and self._capital(place + 1) and self._before(place) not in ("the",)

    def _is_surname(self, place: int, length: int) -> bool:
        """A role word that is a family name here: "James Baker said"."""
        token = self._tokens[place]
        if length != 1 or not token.capital or place == self._line.first or self._capital(place + 1):
            return False
        before = self._tokens[place - 1]
        return (
            before.capital and (is_given(fold(before.low)) or is_initial(before)) and token.text != token.text.upper()
        )

    def _end(self, place: int) -> int:
        """Where the run that starts here ends: particles and initials inside, role words and titles outside."""
        end = place + 1
        while end < self._line.last:
            token = self._tokens[end]
            if token.capital:
                length, _ = roles.head_at(self._tokens, end, self._line.last)
                if (length and not self._is_surname(end, length)) or (
                    token.low in v.HONORIFICS and self._capital(end + 1)
                ):
                    return end
                end += 1
            elif token.low in v.PARTICLES and self._particle_end(end):
                end = self._particle_end(end)
            elif token.low == "&" and self._capital(end + 1):
                end += 2
            else:
                return end
        return end

    def _particle_end(self, place: int) -> int:
        end = place
        while end < self._line.last and end - place < 3 and self._tokens[end].low in v.PARTICLES:
            end += 1
        return end if self._capital(end) else 0

    def _made(self, first: int, last: int) -> Iterator[Run]:
        """One run, after what doesn't belong to the name is cut off at its start and end."""
        title, gender = False, ""
        while first < last:
            low = self._tokens[first].low
            if last - first > 1 and low in v.HONORIFICS:
                title, gender = True, gender or _gender(low)
            elif not self._cut(first, last):
                break
            first += 1
        if first >= last:
            return
        while last - first > 1 and self._tokens[last - 1].low in _TRAILING:
            last -= 1
        yield self._run(first, last, title, gender)

    def _cut(self, first: int, last: int) -> bool:
        """Whether the run's first word only stands before the name: a sentence's first word, a nationality, a month."""
        low = self._tokens[first].low
        if low == "&":  # what stood before it has been cut: "Sun & Mon"
            return True
        if low in v.MONTHS_AND_DAYS and not (
            last - first == 2 and is_given(low) and low not in ("may", "march", "sun")
        ):
            return True
        if low in v.NATIONALITIES and last - first > 1:
            return True
        if not self._opens(first):
            return low in v.FUNCTION_WORDS and last - first > 1 and not is_given(low)
        if low in v.FUNCTION_WORDS or low in self._lowers or (low.endswith("ly") and not is_given(low)):
            return not (is_given(low) and last - first == 2)
        return False

    def _opens(self, place: int) -> bool:
        """Whether a capital is due here whatever the word: the sentence's start, after a colon or a quote mark."""
        return place == self._line.first or self._tokens[place - 1].low in _OPENING_MARKS

    def _run(self, first: int, last: int, title: bool, gender: str) -> Run:
        words = list(self._tokens[first:last])
        parts = tuple(fold(token.low) for token in words if token.low != "&")
        role = self._evidence.role_before(first) if not title else self._evidence.role_before(first - 1)
        after = self._evidence.role_after(last)
        subject = self._evidence.is_subject(first, last)
        score = self._evidence.own_score(words, parts) + self._evidence.context_score(first, last)
        score += 4 * title + 3 * (role is not None) + 3 * (after is not None) + 2 * subject
        return Run(
            first=first,
            last=last,
            parts=parts,
            line=self._number,
            score=score,
            title=title,
            gender=gender,
            role=role or after,
            subject=subject,
            corporate=len(words) > 1 and any(part in v.CORPORATE for part in parts[1:]),
            title_case=self._title_case,
            initial=self._opens(first),
        )

    def _rolelike(self, place: int) -> Run:
        """A capitalised role word alone ("King said"): a name only if the article has a person of that name."""
        parts = (fold(self._tokens[place].low),)
        return Run(first=place, last=place + 1, parts=parts, line=self._number, score=-9, title_case=self._title_case)

    def _before(self, place: int) -> str:
        return self._tokens[place - 1].low if place > self._line.first else ""


def _gender(low: str) -> str:
    return "m" if low in v.MALE_HONORIFICS else "f" if low in v.FEMALE_HONORIFICS else ""
