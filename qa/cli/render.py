"""How an answer looks on a terminal: quotes first, each with its number, where it stands, and who says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.cli.terminal import one_line, show, styled
from qa.types import Absence, Answer, Citation, Claim, Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: Stands over a statement whose speaker the article doesn't name, where others stand above it.
_UNNAMED = "(speaker not named)"


def show_answer(console: Console, answer: Answer) -> None:
    """Print the claims as they are ordered, statements under their speakers, then notes; or the absence report."""
    page = Page(console, by_speaker=answer.question.kind == "statement")
    for claim in answer.claims:
        page.claim(claim)
    page.beside(answer)


class Page:
    """An answer while it is printed: claims as they come, their citations numbered through."""

    def __init__(self, console: Console, *, by_speaker: bool = False) -> None:
        self._console = console
        self._by_speaker = by_speaker
        self._number = 0
        self._speaker = ""

    def claim(self, claim: Claim) -> None:
        """The next claim with its citations: an extract is its own quote, a sentence of a model's stands above them."""
        written = [citation.quote for citation in claim.citations] != [claim.text]
        if written:
            self._written(claim)
        elif self._by_speaker:
            self._under(claim)
        self._number = _show_claim(self._console, claim, self._number, by_speaker=self._by_speaker, written=written)

    def beside(self, answer: Answer) -> None:
        """What comes after the claims: notes, and why there is no answer."""
        for note in answer.notes:
            show(self._console, styled(("note: ", "bold"), note))
        if answer.absence:
            _show_absence(self._console, answer.absence, whole=answer.status is Status.ABSTAINED)

    def _written(self, claim: Claim) -> None:
        marks = "".join(f"[{self._number + place}]" for place in range(1, len(claim.citations) + 1))
        show(self._console, styled((one_line(claim.text), "bold"), f" {marks}"))

    def _under(self, claim: Claim) -> None:
        said_by = claim.speaker.name if claim.speaker else _UNNAMED
        if said_by != self._speaker and (claim.speaker or self._speaker):
            show(self._console, styled((said_by, "bold cyan")))
        self._speaker = said_by


def citations(answer: Answer) -> list[Citation]:
    """The citations of an answer in the order in which they are numbered from 1."""
    return [citation for claim in answer.claims for citation in claim.citations]


def _show_claim(console: Console, claim: Claim, number: int, *, by_speaker: bool, written: bool) -> int:
    indent = 4 if written else 0
    for citation in claim.citations:
        number += 1
        show(console, styled((f"[{number}] ", "bold")) + _quote(citation), indent=indent)
        about = [reason for reason in claim.reasons if reason.startswith("earlier")]
        if claim.speaker and claim.speaker.inferred:
            about.insert(0, f"speaker from context: {claim.speaker.name}")
        elif claim.speaker and not by_speaker:
            about.insert(0, f"said by {claim.speaker.name}")
        show(console, styled((where(citation), "dim"), (" | ".join(["", *about]), "yellow")), indent=indent + 4)
    return number


def _quote(citation: Citation) -> Text:
    inside = citation.highlight
    if inside is None:
        return styled(one_line(citation.quote))
    first, last = inside.start - citation.start, inside.end - citation.start
    quote = citation.quote
    # White space around the highlight is kept as one space by joining three lines of one.
    before, short, after = quote[:first], quote[first:last], quote[last:]
    return styled(
        one_line(before) + (" " if before[-1:].isspace() else ""),
        (one_line(short), "bold green"),
        (" " if after[:1].isspace() else "") + one_line(after),
    )


def where(citation: Citation) -> str:
    when = citation.published.isoformat() if citation.published else "undated"
    outlet = f"{citation.source}, {when}" if citation.source else when
    copies = (
        f" (and {len(citation.copies)} copies)"
        if len(citation.copies) > 1
        else " (and 1 copy)"
        if citation.copies
        else ""
    )
    title = citation.title or "(no title)"
    return f"{title} -- {outlet}{copies} -- {citation.article_id}:{citation.start}-{citation.end}"


def _show_absence(console: Console, absence: Absence, *, whole: bool) -> None:
    head = "No answer in these articles: " if whole else "Not answered: "
    show(console, styled((head, "bold yellow"), absence.reason))
    searched = f"searched {_articles(absence.articles)} ({absence.passages} passages)"
    if absence.earliest:
        undated = f", {absence.undated} undated" if absence.undated else ""
        searched += f", {absence.earliest} to {absence.latest}{undated}"
    show(console, styled(searched), indent=2)
    for name in absence.names:
        similar = f"; similar: {', '.join(name.similar)}" if name.similar else ""
        show(console, styled(f"{name.name!r}: named in {_articles(name.articles)}{similar}"), indent=2)
    if absence.topic:
        words = " and ".join(repr(word) for word in absence.topic)
        show(
            console,
            styled(f"{words}: {'together ' if len(absence.topic) > 1 else ''}in {_articles(absence.topic_articles)}"),
            indent=2,
        )
    if absence.closest:
        show(console, "closest passages, which may not answer:", indent=2)
    for citation in absence.closest:
        show(console, styled("- ", one_line(citation.quote)), indent=4)
        show(console, styled((where(citation), "dim")), indent=6)


def _articles(count: int) -> str:
    return f"{count} article" if count == 1 else f"{count} articles"
