"""Which embedder an index is made with, and which embeds its questions: the one that comes with ``qa``, or a model of
an endpoint.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa.config.endpoint import embedding_endpoint
from qa.errors import IndexMismatch, UsageError
from qa.ledger.faults import storage_faults
from qa.ledger.ledger import LEDGER_FILE, Ledger
from qa.ledger.writer import embedded_text
from qa.types import Fingerprint

if TYPE_CHECKING:
    from qa.llm.embedder import EndpointEmbedder
    from qa.models.embedder import Embedder

#: What ``--embedder`` calls the one that comes with ``qa``.
OWN: Final = "own"


def own() -> Embedder:
    """The embedder that comes with ``qa``; raises ``ModelUnusable`` where its file is missing or damaged."""
    from qa.models.embedder import MiniLM

    return MiniLM.load()


def of_index(made_with: Fingerprint | None, *, url: str | None = None) -> Embedder:
    """The embedder that made an index, our own for one without passages. Raises ``IndexMismatch`` where it was another
    version's, ``UsageError`` where it was an endpoint's and none is set.
    """
    from qa.llm.embedder import is_endpoint, model_of

    if made_with is not None and is_endpoint(made_with):
        return _at_endpoint(model_of(made_with), url=url, known=made_with)
    embedder = own()
    if made_with is not None and made_with != embedder.fingerprint:
        raise IndexMismatch(
            "index.model_mismatch",
            f"the index was made with {made_with.id!r}, this qa has {embedder.fingerprint.id!r}",
            remedy="qa rebuild",
        )
    return embedder


def chosen(name: str | None, index: Path, *, url: str | None = None) -> Embedder:
    """The embedder that ``--embedder`` names; without a name the index's own, or ours. Nothing is asked of an endpoint
    whose model made the index but one text of it again, to see that the name still stands for that model.
    """
    made_with = model_of_index(index)
    if name == OWN:
        return own()
    if name is None:
        embedder = of_index(made_with, url=url)
    else:
        from qa.llm.embedder import PREFIX

        same = made_with is not None and made_with.name == f"{PREFIX}{name}"
        embedder = _at_endpoint(name, url=url, known=made_with if same else None)
    if made_with is not None and made_with == embedder.fingerprint and not _is_unchanged(index, embedder):
        raise IndexMismatch(
            "index.model_changed",
            f"{made_with.name!r:.80} makes other vectors now than those of the index",
            remedy="qa rebuild",
        )
    return embedder


def renewed(name: str | None, index: Path, *, url: str | None = None) -> Embedder:
    """The embedder that ``qa rebuild`` is to use: the one named, else the endpoint's model that made the index, else
    our own. An endpoint's model that makes other vectors than before is another one, whatever its name.
    """
    from qa.llm.embedder import PREFIX, is_endpoint, model_of

    made_with = model_of_index(index)
    if name is None and made_with is not None and is_endpoint(made_with):
        name = model_of(made_with)
    if name is None or name == OWN:
        return own()
    if made_with is not None and made_with.name == f"{PREFIX}{name}":
        before = _at_endpoint(name, url=url, known=made_with)
        try:
            if _is_unchanged(index, before):
                return before
        except IndexMismatch:
            pass  # not even of the same length
    return _at_endpoint(name, url=url, known=None)


def model_of_index(index: Path) -> Fingerprint | None:
    """What made the vectors of an index, ``None`` where it has none yet."""
    if not (index / LEDGER_FILE).is_file() or not (index / LEDGER_FILE).stat().st_size:
        return None
    with storage_faults(index), Ledger.open(index, older=True) as ledger:
        return ledger.model if ledger.keys() else None


def where(embedder: Embedder) -> str:
    """The host that texts are sent to for embedding; nothing where none are sent."""
    endpoint = getattr(embedder, "endpoint", None)
    return "" if endpoint is None else str(endpoint.host)


def _at_endpoint(model: str, *, url: str | None, known: Fingerprint | None) -> EndpointEmbedder:
    from qa.llm.embedder import EndpointEmbedder

    endpoint = embedding_endpoint(model, url=url)
    if endpoint is None:
        raise UsageError(
            "endpoint.none",
            f"an endpoint's model {model!r:.60} embeds here, and no endpoint is set",
            remedy="qa config set endpoint.embedder_url http://localhost:11434/v1",
        )
    return EndpointEmbedder(endpoint, known=known)


def _is_unchanged(index: Path, embedder: Embedder) -> bool:
    """Whether an endpoint's model makes the vector of a stored text that it made; ours always does."""
    from qa.llm.embedder import EndpointEmbedder

    if not isinstance(embedder, EndpointEmbedder):
        return True
    with storage_faults(index), Ledger.open(index, older=True) as ledger:
        keys, vectors = ledger.vectors(ledger.keys()[:1])
        passage = ledger.passages(keys)[keys[0]] if keys else None
        article = ledger.article(passage.article_id) if passage else None
        if passage is None or article is None:
            return True
        text, vector = embedded_text(article, passage.start, passage.end), vectors[0]
    return embedder.same_as_before(text, vector)
