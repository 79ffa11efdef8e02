"""Whether the citations of a saved answer still stand in the articles as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.answer.citations import says
from qa.ledger.ledger import Ledger
from qa.text import find_quote
from qa.types import Article, Citation, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one citation.

    ``state``: ``"unchanged"``; ``"moved"`` (the article changed, the quote is still in it, at ``now``); ``"gone"``
    (it changed, and the quote isn't in it any more); ``"removed"`` (the article was taken out, the stored version
    says it); ``"erased"`` (the article was purged); ``"false"`` (the stored version never said that).
    """

    citation: Citation
    state: str
    reason: str = ""
    now: Span | None = None

    @property
    def stands(self) -> bool:
        """Whether the quote is verbatim in a stored version that this index can show."""
        return self.state in {"unchanged", "moved", "removed"}


def verify(ledger: Ledger, citations: Iterable[Citation]) -> tuple[Verdict, ...]:
    """A verdict for each citation, in order."""
    return tuple(_verdict(ledger, citation) for citation in citations)


def _verdict(ledger: Ledger, citation: Citation) -> Verdict:
    cited = ledger.article(citation.article_id, citation.version)
    newest = ledger.article(citation.article_id)
    if newest is None:
        return Verdict(
            citation=citation, state="erased", reason="this index has no such article: erased, or never added"
        )
    if cited is None:
        return Verdict(citation=citation, state="false", reason=f"the article never had a version {citation.version}")
    if not says(cited, citation):
        return _never_said(citation, cited)
    if newest.removed:
        return Verdict(
            citation=citation, state="removed", reason="the article was removed; the stored version says this"
        )
    if newest.version == cited.version:
        return Verdict(citation=citation, state="unchanged", now=Span(citation.start, citation.end))
    return _in_newer(citation, newest)


def _in_newer(citation: Citation, newest: Article) -> Verdict:
    found = find_quote(newest.text, citation.quote, prefix=citation.prefix, suffix=citation.suffix)
    exact = [span for span in found if span.of(newest.text) == citation.quote]
    if exact:
        now = exact[0]
        reason = f"the article is at version {newest.version}; the quote stands at {now.start}-{now.end}"
        return Verdict(citation=citation, state="moved", reason=reason, now=now)
    reason = f"the article is at version {newest.version}, which doesn't say this any more"
    if found:
        reason += f" (nearly so at {found[0].start}-{found[0].end})"
    return Verdict(citation=citation, state="gone", reason=reason)


def _never_said(citation: Citation, cited: Article) -> Verdict:
    elsewhere = cited.text.find(citation.quote)
    reason = f"version {cited.version} of the article doesn't say this at {citation.start}-{citation.end}"
    if elsewhere >= 0:
        reason += f", but at {elsewhere}-{elsewhere + len(citation.quote)}"
    return Verdict(citation=citation, state="false", reason=reason)
