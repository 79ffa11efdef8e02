"""Resolves job descriptions and pronouns of an article to its figures; in doubt it leaves them alone.

Names are linked before, in ``figures``. Pronouns inside quotes are not resolved: who "he" is there, only the
speaker knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from qa.statements import roles, verbs
from qa.statements import vocabulary as v
from qa.statements.figures import Figure, Place
from qa.statements.roles import RolePhrase
from qa.statements.sections import main_figure, starts_section
from qa.statements.tokens import Line, Reading
from qa.statements.vocabulary import words

_PRONOUNS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
_BECOMES = words("is was been became becomes remains remained named appointed elected")
_WOMEN = v.KIN_FEMALE | {"woman", "girl", "lady"}
_MEN = v.KIN_MALE | {"man", "boy", "guy"}
_OPEN = words("if unless whether would could may might hope hopes want wants to")
_OPEN_REACH = 6  # tokens
_SERVES = words("served serves serving worked works working")
_BEFORE_OBJECTS = words(
    "of in on at by for from to with without into against about between among after before than like"
)
_MOST = 30  # holders of a role, or persons just mentioned, that are told apart
_MARGIN = 1.0  # of salience between the best figure and the next one
_WINDOW = 3  # sentences that a pronoun may look back


def resolve(reading: Reading, figures: list[Figure]) -> None:
    """Add role and pronoun places to the figures, in place."""
    descriptions = _Descriptions(reading, figures).found()
    holding: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        figure.gender = figure.gender or next((role.gender for role in figure.roles if role.gender), "")
        for head in {role.head.rpartition(" ")[2] for role in figure.roles}:
            holding[head].append(figure)
    strangers: dict[int, str] = {}
    for number, phrase in descriptions:
        holder = _holder(phrase, holding[phrase.role.head.rpartition(" ")[2]])
        if holder is None:
            strangers[phrase.first] = phrase.role.gender
        else:
            holder.places.append(Place(phrase.first, phrase.last, number, "role", _acts(reading, phrase.last)))
    _Pronouns(reading, figures, strangers).resolve()
    for figure in figures:
        figure.places.sort()


def _holder(phrase: RolePhrase, figures: list[Figure]) -> Figure | None:
    """The one figure whose role the definite description can mean."""
    if not phrase.definite or len(figures) > _MOST:
        return None
    fitting = [figure for figure in figures if any(roles.fits(phrase.role, role) for role in figure.roles)]
    gender = phrase.role.gender
    fitting = [figure for figure in fitting if gender in ("", figure.gender or figure.usual or gender)]
    return fitting[0] if len(fitting) == 1 else None


class _Descriptions:
    """Job descriptions that stand alone; one said of a subject ("was named chief executive") becomes its role."""

    def __init__(self, reading: Reading, figures: list[Figure]) -> None:
        self._reading = reading
        self._starting = {place.first: figure for figure in figures for place in figure.places}
        self._ending = {place.last for figure in figures for place in figure.places}
        self._inside = {token for f in figures for place in f.places for token in range(place.first, place.last)}

    def found(self) -> list[tuple[int, RolePhrase]]:
        """Line number and phrase of each, in order."""
        found: list[tuple[int, RolePhrase]] = []
        for number, line in enumerate(self._reading.lines):
            found.extend((number, phrase) for phrase in self._of(line))
        return found

    def _of(self, line: Line) -> Iterator[RolePhrase]:
        place, subject, free = line.first, None, line.first
        while place < line.last:
            subject = self._starting.get(place, subject)
            if place in self._inside:
                free = place + 1
            phrase = roles.phrase_around(self._reading.tokens, place, line.first, line.last, free=free)
            if phrase is None or free > place:
                place += 1
                continue
            place = free = phrase.last
            if (
                phrase.last in self._starting
                or self._is_apposed(phrase, line)
                or _is_modifier(self._reading, phrase, line)
            ):
                continue
            if subject is not None and _is_predicate(self._reading, phrase, line):
                subject.roles.append(phrase.role)
            else:
                yield phrase

    def _is_apposed(self, phrase: RolePhrase, line: Line) -> bool:
        """``Zhang, the company's chief executive``: what stands right after a name and a comma describes it."""
        tokens = self._reading.tokens
        for step in range(phrase.first, max(line.first, phrase.first - 6), -1):
            if tokens[step - 1].low == ",":
                return step - 1 in self._ending
        return False


def _is_modifier(reading: Reading, phrase: RolePhrase, line: Line) -> bool:
    """The role word belongs to a longer noun ("the president's office" apart): "the minister level", "chief
    executives".
    """
    following = _low(reading, phrase.last, line)
    return following in ("candidate", "race", "election", "elect", "general", "office", "job", "post", "role", "-")


def _is_predicate(reading: Reading, phrase: RolePhrase, line: Line) -> bool:
    before = _low(reading, phrase.first - 1, line)
    if any(_low(reading, step, line) in _OPEN for step in range(phrase.first - _OPEN_REACH, phrase.first)):
        return False  # "if he was elected mayor"
    return before in _BECOMES or (before == "as" and _low(reading, phrase.first - 2, line) in _SERVES)


def _low(reading: Reading, place: int, line: Line) -> str:
    return reading.tokens[place].low if line.first <= place < line.last else ""


def _acts(reading: Reading, place: int) -> bool:
    """Whether a verb of speech follows."""
    end = min(place + 4, len(reading.tokens))
    for token in reading.tokens[place:end]:
        if verbs.is_saying(token.low):
            return True
        if token.low not in v.ADVERBS:
            return False
    return False


class _Pronouns:
    """Goes through the article once, keeping for each figure where it was mentioned last and how."""

    def __init__(self, reading: Reading, figures: list[Figure], strangers: dict[int, str]) -> None:
        self._reading = reading
        self._figures = figures
        self._strangers = strangers
        self._latest: dict[Figure, Place] = {}
        self._depth = _told_lines(reading)
        self._at = {place.first: (figure, place) for figure in figures for place in figure.places}
        self._mains = {gender: main_figure(reading, figures, gender) for gender in ("m", "f")}
        self._known: set[Figure] = set()
        self._crossed: set[str] = set()

    def resolve(self) -> None:
        """Add a place for each pronoun whose figure is plain."""
        for number, line in enumerate(self._reading.lines):
            if line.headline:
                self._enter(line)
                continue
            for place in range(line.first, line.last):
                if place in self._at:
                    figure, mention = self._at[place]
                    if not (self._reading.quoted[place] and figure in self._latest):
                        self._note(figure, mention, line)  # who is only spoken of doesn't come nearer
                elif not self._reading.quoted[place]:
                    gender = self._stranger(place, line)
                    if gender is None:
                        self._pronoun(place, number, line)
                    else:
                        self._note(Figure((), "", gender=gender), Place(place, place + 1, number, "role", False), line)

    def _enter(self, line: Line) -> None:
        """A subheading ends the reach of whoever was mentioned last; a headline makes known whom it names."""
        self._known.update(self._at[place][0] for place in range(line.first, line.last) if place in self._at)
        if starts_section(self._reading, line):
            self._latest.clear()
            self._crossed.clear()

    def _main(self, gender: str) -> Figure | None:
        """Whom the article is about, where nobody else that the pronoun may mean was named since."""
        figure = self._mains[gender]
        if figure is None or figure not in self._known or gender in self._crossed:
            return None
        return figure if (figure.gender or figure.usual) == gender else None

    def _stranger(self, place: int, line: Line) -> str | None:
        """The gender (maybe ``""``) of somebody without a name mentioned here, whom a pronoun may mean too."""
        if place in self._strangers:
            return self._strangers[place]
        tokens = self._reading.tokens
        low = tokens[place].low
        gender = "f" if low in _WOMEN else "m" if low in _MEN else None
        if gender is None or place == line.first or tokens[place - 1].low in (",", "is", "was", "and", "of"):
            return None
        following = tokens[place + 1] if place + 1 < line.last else None
        return None if following is not None and (following.capital or following.low == ",") else gender

    def _note(self, figure: Figure, mention: Place, line: Line) -> None:
        tokens = self._reading.tokens
        before = tokens[mention.first - 1].low if mention.first > line.first else ""
        after = tokens[mention.last].low if mention.last < line.last else ""
        already = any(place.line == mention.line for place in self._latest.values())  # at most _MOST
        subject = mention.subject or (not already and before not in _BEFORE_OBJECTS and after not in ("'s", "'"))
        earlier = self._latest.get(figure)
        if earlier is not None and earlier.line == mention.line and earlier.subject:
            subject = True
        if before == "and":  # "Karl Jensen and Peter Duarte met": both are subjects, or neither
            subject = subject or any(
                other.last == mention.first - 1 and other.subject for other in self._latest.values()
            )
        self._remember(figure, mention._replace(subject=subject))

    def _pronoun(self, place: int, number: int, line: Line) -> None:
        tokens = self._reading.tokens
        low = tokens[place].low
        gender = _PRONOUNS.get(low)
        after = tokens[place + 1].low if place + 1 < line.last else ""
        if gender is None or (after in ("or", "and") and place + 2 < line.last and tokens[place + 2].low in _PRONOUNS):
            return
        if place > line.first and tokens[place - 1].low == "or":
            return
        says = verbs.is_saying(after) or (place > line.first and verbs.is_saying(tokens[place - 1].low))
        figure = self._sayer(gender, place, line)
        figure = figure or self._choose(gender, number, self._teller(place, line), says=says)
        figure = figure or self._ahead(gender, place, line)
        if figure is None and not self._is_open(gender):
            figure = self._main(gender)
        if figure is None:
            return
        acts = low in ("he", "she")
        if acts or len(self._latest) == 1:
            figure.gender = figure.gender or gender
        mention = Place(place, place + 1, number, "pronoun", acts and bool(after))
        figure.places.append(mention)
        earlier = self._latest.get(figure)
        keep = earlier is not None and earlier.line == number and earlier.subject
        self._remember(figure, mention._replace(subject=mention.subject or keep))

    def _remember(self, figure: Figure, mention: Place) -> None:
        """Keep the latest mention of each figure, latest last, of a bounded number of figures."""
        self._latest.pop(figure, None)
        self._latest[figure] = mention
        self._known.add(figure)
        for gender, main in self._mains.items():
            if figure is main:
                self._crossed.discard(gender)
            elif (figure.name or figure.gender) and _agrees(figure, gender):
                self._crossed.add(gender)
        if len(self._latest) > _MOST:
            del self._latest[next(iter(self._latest))]

    def _choose(self, gender: str, number: int, teller: Figure | None, *, says: bool) -> Figure | None:
        """The most salient figure before; ``None`` if none is near or two are about as likely."""
        gone = [f for f, mention in self._latest.items() if self._age(number, mention.line) > _WINDOW]
        for figure in gone:
            del self._latest[figure]
        fitting = [(f, m) for f, m in self._latest.items() if f is not teller and _agrees(f, gender)]
        if not fitting and len(self._figures) == 1:
            fitting = [(f, m) for f, m in self._latest.items() if not f.gender]
        if says:  # nobody speaks of themselves by name
            fitting = [(f, m) for f, m in fitting if not self._reading.quoted[m.first]]
        ranked = sorted(((self._salience(f, m, gender, number), f) for f, m in fitting), key=lambda pair: -pair[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < self._margin(gender, ranked[0][1])):
            return None
        return ranked[0][1] if ranked[0][1].name else None

    def _margin(self, gender: str, figure: Figure) -> float:
        """Whom the article is about stands back behind no description, only behind somebody else with a name."""
        return 0.0 if figure is self._main(gender) else _MARGIN

    def _teller(self, place: int, line: Line) -> Figure | None:
        """In "Duarte had told him" the one who tells, the last one mentioned: "him" is somebody else."""
        if self._reading.tokens[place].low != "him" or place == line.first:
            return None
        latest = next(reversed(self._latest), None)
        told = verbs.look_up(self._reading.tokens[place - 1].low)
        if latest is None or told is None or self._latest[latest].first < line.first:
            return None
        return latest

    def _sayer(self, gender: str, place: int, line: Line) -> Figure | None:
        """In "Duarte, the mayor, said (that) he": the one who says it, the subject of this sentence."""
        tokens = self._reading.tokens
        before = place - 1 - (tokens[place - 1].low == "that")
        if before <= line.first or tokens[place].low not in ("he", "she") or not verbs.is_saying(tokens[before].low):
            return None
        latest = next(reversed(self._latest), None)
        mention = self._latest[latest] if latest is not None else None
        if latest is None or mention is None or mention.first < line.first or not mention.subject:
            return None
        aside = [token.low for token in tokens[mention.last : before]]
        told = not aside or aside[0] == "," or all(low in v.ADVERBS for low in aside)
        return latest if told and latest.name and _agrees(latest, gender) else None

    def _is_open(self, gender: str) -> bool:
        """Whether somebody near may be meant, so that leaving the pronoun alone was on purpose."""
        return any(_agrees(figure, gender) for figure in self._latest)

    def _age(self, number: int, line: int) -> int:
        """Sentences between two, those that are wholly quoted not counted."""
        return self._depth[number] - self._depth[line]

    def _salience(self, figure: Figure, mention: Place, gender: str, number: int) -> float:
        score = -1.0 * self._age(number, mention.line) + 1.2 * mention.subject
        return score + (1.2 if figure.gender == gender else 1.0 if figure.usual == gender else -0.3)

    def _ahead(self, gender: str, place: int, line: Line) -> Figure | None:
        """ "In his speech, Zhang said": the name after the comma that ends the opening clause."""
        tokens = self._reading.tokens
        if tokens[line.first].low not in _BEFORE_OBJECTS | {
            "when",
            "while",
            "although",
            "though",
            "as",
            "during",
            "since",
            "if",
        }:
            return None
        for step in range(place + 1, min(place + 25, line.last - 1)):
            if tokens[step].low == ",":
                found = self._at.get(step + 1)
                return found[0] if found is not None and _agrees(found[0], gender) else None
        return None


def _told_lines(reading: Reading) -> list[int]:
    """For each sentence how many up to it aren't wholly inside quotes."""
    depths, depth = [], 0
    for line in reading.lines:
        depth += not all(reading.quoted[line.first : line.last])
        depths.append(depth)
    return depths


def _agrees(figure: Figure, gender: str) -> bool:
    return figure.gender == gender or (not figure.gender and figure.usual in ("", gender))
