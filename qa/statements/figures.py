"""Turns the capitalised runs of one article into figures: persons under construction, with every place that names them.

Descriptions and pronouns are added in ``references``; the finished ``Person`` values are made in ``people``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.statements import vocabulary as v
from qa.statements.given_names import is_given, usual_gender
from qa.statements.names import Run, find_runs, place_like
from qa.statements.naming import covers, same_part
from qa.statements.roles import RoleName
from qa.statements.tokens import Reading

_FULL_ENOUGH = 2.5
_SINGLE_ENOUGH = 3.0
_LONGEST = 8  # words of a name
_MOST = 30  # bearers of one name that are told apart; more can't be, and would take quadratic time


class Place(NamedTuple):
    """Tokens ``[first, last)`` in line ``line`` that mean a figure. ``kind``: ``name``, ``role`` or ``pronoun``."""

    first: int
    last: int
    line: int
    kind: str
    subject: bool


@dataclass(slots=True, eq=False)
class Figure:
    """A person being put together. ``gender`` is what the article says; ``usual`` what the given name suggests."""

    parts: tuple[str, ...]
    name: str
    gender: str = ""
    usual: str = ""
    places: list[Place] = field(default_factory=list)
    roles: list[RoleName] = field(default_factory=list)
    full_lines: list[int] = field(default_factory=list)


def find_figures(reading: Reading) -> list[Figure]:
    """The persons that the article names, with their name mentions in order."""
    runs = find_runs(reading)
    cities = place_like(reading, runs)
    figures = _introduced(reading, runs, cities)
    linker = _Linker(reading, runs, figures, cities)
    linker.link()
    for figure in figures:
        figure.places.sort()
    return sorted((figure for figure in figures if figure.places), key=lambda figure: figure.places[0])


def _introduced(reading: Reading, runs: list[Run], cities: set[str]) -> list[Figure]:
    """Figures for every full name with enough evidence, longer names first so that shorter forms join them."""
    full: dict[tuple[str, ...], list[Run]] = defaultdict(list)
    for run in runs:
        if len(run.parts) > 1 and not run.title_case:
            full[run.parts].append(run)
    alone: dict[str, float] = defaultdict(float)
    for run in runs:
        if len(run.parts) == 1 and not run.title_case:
            alone[run.parts[0]] = max(alone[run.parts[0]], 2.0 * (run.subject or run.title))
    figures: list[Figure] = []
    known: dict[str, list[Figure]] = defaultdict(list)
    for parts in sorted(full, key=lambda parts: (-len(parts), full[parts][0].first)):
        score = max(run.score for run in full[parts]) + alone.get(parts[-1], 0.0)
        if score - 2.5 * (parts[0] in cities) < _FULL_ENOUGH or (
            len(parts) > 2 and parts[1:] in full and is_given(parts[1]) and not is_given(parts[0])
        ):
            continue
        if not any(
            _same_bearer(parts, figure.parts) for end in (parts[0], parts[-1]) for figure in known[end][-_MOST:]
        ):
            figures.append(Figure(parts, _written(reading, full[parts][0]), usual=usual_gender(parts[0])))
            for end in (parts[0], parts[-1]):
                known[end].append(figures[-1])
    return figures


def _same_bearer(parts: tuple[str, ...], full: tuple[str, ...]) -> bool:
    return covers(parts, full) and (len(parts) > 1 or len(full) == 1)


def _written(reading: Reading, run: Run) -> str:
    tokens = reading.tokens
    return reading.text[tokens[run.first].start : tokens[run.last - 1].end]


class _Linker:
    """Assigns each run to the figure that it names, in reading order."""

    def __init__(self, reading: Reading, runs: list[Run], figures: list[Figure], cities: set[str]) -> None:
        self._cities = cities
        self._reading = reading
        self._runs = runs
        self._figures = figures
        self._corporate = {run.parts[0] for run in runs if run.corporate}
        self._by_end: dict[str, list[Figure]] = defaultdict(list)
        self._exact: dict[tuple[str, ...], Figure] = {}
        for figure in figures:
            self._index(figure)

    def link(self) -> None:
        """Full names first (they may stand after a surname), then single names, then capitalised headlines."""
        pending = [
            run for run in self._runs if not (len(run.parts) > 1 and not run.title_case and self._link_full(run))
        ]
        self._couples(pending)
        scores: dict[str, float] = defaultdict(float)
        for run in pending:
            if len(run.parts) == 1 and not run.title_case:
                scores[run.parts[0]] = max(scores[run.parts[0]], run.score)
        for run in pending:
            if run.title_case:
                self._link_inside(run)
            elif len(run.parts) == 1:
                self._link_single(run, scores[run.parts[0]])
            else:
                self._link_inside(run, tail_only=True)

    def _index(self, figure: Figure) -> None:
        self._exact[figure.parts] = figure
        for end in {figure.parts[0], figure.parts[-1], *figure.parts[-1].split("-")}:
            self._by_end[end].append(figure)

    def _link_full(self, run: Run) -> bool:
        found = [figure for figure in self._candidates(run) if _same_bearer(run.parts, figure.parts)]
        if len(found) != 1:
            return False
        found[0].full_lines.append(run.line)
        self._add(found[0], run, run.first, run.last)
        return True

    def _candidates(self, run: Run) -> list[Figure]:
        """Bearers of the first or the last word; of very many, those whose whole name is this."""
        exact = self._exact.get(run.parts)
        if exact is not None:
            return [exact]
        ends = {run.parts[0], run.parts[-1]}
        return list({id(figure): figure for end in ends for figure in self._by_end.get(end, ())[:_MOST]}.values())

    def _couples(self, pending: list[Run]) -> None:
        """ "Ben and Anna Olsen": the given name alone shares the family name after the next one."""
        full = {
            place.first: figure for figure in self._figures for place in figure.places if place.last - place.first > 1
        }
        tokens = self._reading.tokens
        for run in list(pending):
            partner = full.get(run.last + 1)
            if len(run.parts) != 1 or partner is None or tokens[run.last].low != "and" or not is_given(run.parts[0]):
                continue
            if self._by_end.get(run.parts[0]) or len(partner.parts) < 2:
                continue
            surname = partner.name.split()[1:]
            figure = Figure(
                (run.parts[0], *partner.parts[1:]),
                " ".join([_written(self._reading, run), *surname]),
                usual=usual_gender(run.parts[0]),
            )
            self._figures.append(figure)
            self._index(figure)
            figure.full_lines.append(run.line)
            self._add(figure, run, run.first, run.last)
            pending.remove(run)

    def _link_single(self, run: Run, score: float) -> None:
        part = run.parts[0]
        if part in self._cities and all(figure.parts[-1] != part for figure in self._by_end.get(part, ())[:_MOST]):
            return
        bearers = self._by_end.get(part, ())
        if len(bearers) > _MOST:
            return
        found = [figure for figure in bearers if not run.gender or figure.gender in ("", run.gender)]
        if run.title and len(found) > 1:
            found = [figure for figure in found if (figure.gender or figure.usual) in ("", run.gender)] or found
            found = [figure for figure in found if figure.parts[-1] == part] or found
        if found:
            if not self._means_company(run):
                figure = found[0] if len(found) == 1 else self._latest(found, run)
                if figure is not None:
                    self._add(figure, run, run.first, run.last)
        elif score >= _SINGLE_ENOUGH and run.score > 0 and part not in v.COUNTRIES and part not in v.FUNCTION_WORDS:
            figure = Figure(run.parts, _written(self._reading, run), usual=usual_gender(part))
            self._figures.append(figure)
            self._index(figure)
            figure.full_lines.append(run.line)
            self._add(figure, run, run.first, run.last)

    def _means_company(self, run: Run) -> bool:
        """A bare word that a company or a country of the article also bears, nothing beside it saying person."""
        part = run.parts[0]
        if run.title or run.role is not None:
            return False
        return part in self._corporate or (part in v.COUNTRIES and not run.subject)

    def _latest(self, found: list[Figure], run: Run) -> Figure | None:
        """Of several bearers the one whose full name stood last before, if the others stood clearly earlier."""
        ranked = sorted(((self._last_full(figure, run.line), figure) for figure in found), key=lambda pair: -pair[0])
        (line, figure), (other, _) = ranked[0], ranked[1]
        if line < 0 or (line == other):
            return None
        return figure if line - other > 1 or line == run.line or other < 0 else None

    @staticmethod
    def _last_full(figure: Figure, line: int) -> int:
        place = bisect_right(figure.full_lines, line)
        return figure.full_lines[place - 1] if place else -1

    def _link_inside(self, run: Run, *, tail_only: bool = False) -> None:
        """A known full name inside a longer run: after words that aren't its own, or in a capitalised headline."""
        size = len(run.parts)
        if run.last - run.first != size:
            return
        start = 0
        while start < size:
            figure, length = self._known(run.parts[start : start + _LONGEST], 2 if tail_only else 1)
            if figure is None or (tail_only and start + length != size):
                start += 1
                continue
            self._add(figure, run, run.first + start, run.first + start + length)
            start += length

    def _known(self, parts: tuple[str, ...], least: int) -> tuple[Figure | None, int]:
        for figure in self._by_end.get(parts[0], ())[:_MOST]:
            length = len(figure.parts)
            if length >= least and len(parts) >= length and all(map(same_part, parts, figure.parts)):
                return figure, length
        named = self._by_end.get(parts[0], ())
        if least == 1 and len(named) == 1 and len(parts[0]) > 2 and named[0].parts[-1] == parts[0]:
            return named[0], 1
        return None, 0

    def _add(self, figure: Figure, run: Run, first: int, last: int) -> None:
        """Record the mention and what its surroundings tell of the person."""
        figure.gender = figure.gender or run.gender
        if run.role is not None:
            figure.gender = figure.gender or run.role.role.gender
            figure.roles.append(run.role.role)
        before = self._reading.tokens[first - 1].low if first else ""
        figure.gender = figure.gender or ("f" if before in v.KIN_FEMALE else "m" if before in v.KIN_MALE else "")
        figure.places.append(Place(first, last, run.line, "name", run.subject))
