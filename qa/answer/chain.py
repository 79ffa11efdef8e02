"""The chain over LlamaIndex: ``SpanRetriever`` finds passages, ``CitedQueryEngine`` writes an answer from them and
verifies it. ``qa ask`` runs the same engine; either can be dropped into an application that uses LlamaIndex.

Nodes carry our ids and offsets, so that what comes behind can be traced to a stored article. Importing this takes a
second of CPU: where no model writes, nobody imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.query_engine.custom import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import Field

from qa.answer.record import to_record
from qa.answer.writer.writing import Composed
from qa.llm.model import whole
from qa.retrieve.retriever import Retrieved
from qa.types import Answer, Article, Citation, Claim, Hit

#: Makes an answer of what was found, handing on each claim once it is verified.
Compose = Callable[[Retrieved], Generator[Claim, None, Composed]]


class SpanRetriever(BaseRetriever):
    """Finds passages of an index of ``qa``.

    Nodes are passages: ``id_`` is the passage's, ``metadata`` has its article's id, version, title, source, URL and
    date, and ``start`` and ``end``, offsets in code points into that version's text. A node's score orders, and means
    nothing else.
    """

    def __init__(self, search: Callable[[str], Retrieved]) -> None:
        super().__init__()
        self._search = search

    def found(self, question: str) -> Retrieved:
        """What was found for a question, with all that a fused score can't say."""
        return self._search(question)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return nodes(self.found(query_bundle.query_str).hits)


class CitedQueryEngine(CustomQueryEngine):
    """Answers in sentences that a model wrote and that their citations bear out.

    ``query`` returns a LlamaIndex ``Response``: its text is the claims with numbers, ``source_nodes`` are the
    citations in the order of these numbers, ``metadata`` is the whole answer as ``qa ask --json`` prints it. Where the
    articles don't support an answer, the text is empty and ``metadata["status"]`` is ``"abstained"``. Raises the
    errors of ``qa.errors``. ``node_postprocessors`` may drop or reorder nodes, not change them.
    """

    retriever: SpanRetriever
    compose: Compose
    node_postprocessors: Sequence[BaseNodePostprocessor] = Field(default_factory=list)

    def stream(self, question: str) -> Generator[Claim, None, Composed]:
        """Each claim once it is verified, and in the end the whole answer."""
        composed = yield from self.compose(self.found(question))
        return composed

    def custom_query(self, query_str: str) -> Response:
        """See ``query``."""
        composed = whole(self.stream(query_str))
        if composed.fault is not None:
            raise composed.fault
        return response(composed.written.answer)

    def found(self, question: str) -> Retrieved:
        """What is found for a question, after the postprocessors."""
        found = self.retriever.found(question)
        kept = nodes(found.hits)
        for postprocessor in self.node_postprocessors:
            kept = postprocessor.postprocess_nodes(kept, query_str=question)
        by_id = {hit.passage.id: hit for hit in found.hits}
        return replace(found, hits=tuple(by_id[one.node.node_id] for one in kept if one.node.node_id in by_id))


def nodes(hits: Sequence[Hit]) -> list[NodeWithScore]:
    """Hits as LlamaIndex has them."""
    return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


def _node(hit: Hit) -> TextNode:
    about = _about(hit.article, hit.article.id, hit.article.version)
    return _span(hit.passage.id, hit.text, hit.passage.start, hit.passage.end, about)


def _span(id: str, text: str, start: int, end: int, about: dict[str, Any]) -> TextNode:
    """A span as a node; offsets stand in the metadata, too, which others' chains keep."""
    metadata = {**about, "start": start, "end": end}
    return TextNode(id_=id, text=text, start_char_idx=start, end_char_idx=end, metadata=metadata)


def _about(one: Article | Citation, article_id: str, version: int) -> dict[str, Any]:
    published = one.published.isoformat() if one.published else ""
    return {
        "article_id": article_id, "version": version, "title": one.title, "source": one.source, "url": one.url,
        "published": published,
    }  # fmt: skip


def response(answer: Answer) -> Response:
    """An answer as LlamaIndex has it."""
    number, lines = 0, []
    for claim in answer.claims:
        marks = "".join(f"[{number + place}]" for place in range(1, len(claim.citations) + 1))
        number += len(claim.citations)
        lines.append(f"{claim.text} {marks}")
    cited = [citation for claim in answer.claims for citation in claim.citations]
    metadata: dict[str, Any] = to_record(answer)
    return Response(response="\n".join(lines), source_nodes=[_cited(one) for one in cited], metadata=metadata)


def _cited(citation: Citation) -> NodeWithScore:
    about = _about(citation, citation.article_id, citation.version)
    id = f"{citation.article_id}:{citation.start}-{citation.end}"
    return NodeWithScore(node=_span(id, citation.quote, citation.start, citation.end, about))
