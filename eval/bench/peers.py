"""The peers: LlamaIndex's stock chain over Chroma and Chroma used directly, both with this project's embedder.

The stock chain is what LlamaIndex's documentation shows: SentenceSplitter, VectorStoreIndex over ChromaVectorStore,
and the retrieval of CitationQueryEngine. This file is also a program, ``python -m eval.bench.peers ask STORE
QUESTION``: one cold question to the stock chain.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from numpy.typing import NDArray

    from qa.models.embedder import Embedder
    from qa.types import Draft

_NAME = "bench"


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def stock_embedding(embedder: Embedder) -> BaseEmbedding:
    """This project's embedder as a LlamaIndex embedding."""
    from llama_index.core.embeddings import BaseEmbedding

    class Ours(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return [float(value) for value in embedder.embed(text)]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Ours(model_name="bench")


def build_stock(folder: Path, drafts: Sequence[Draft], embedder: Embedder, *, chunk: int = 160) -> int:
    """Fill a stock chain's store through its own pipeline; returns the number of nodes."""
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = _client(folder).get_or_create_collection(_NAME, embedding_function=None)
    splitter = SentenceSplitter(chunk_size=chunk, chunk_overlap=16, tokenizer=str.split)
    documents = [
        Document(text=draft.text, metadata={"title": draft.title, "source": draft.source}, id_=draft.identity)
        for draft in drafts
    ]
    nodes = splitter.get_nodes_from_documents(documents)
    context = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    VectorStoreIndex(nodes, storage_context=context, embed_model=stock_embedding(embedder), insert_batch_size=2_000)
    return len(nodes)


def open_stock(folder: Path, embedder: Embedder) -> VectorStoreIndex:
    """Open a store that ``build_stock`` filled."""
    from llama_index.core import VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    store = ChromaVectorStore(chroma_collection=_client(folder).get_collection(_NAME, embedding_function=None))
    return VectorStoreIndex.from_vector_store(store, embed_model=stock_embedding(embedder))


class DirectChroma:
    """Chroma used directly, as its documentation shows, with documents stored in it."""

    def __init__(self, folder: Path) -> None:
        self._collection = _client(folder).get_or_create_collection(_NAME, embedding_function=None)

    def fill(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add texts with their vectors."""
        for start in range(0, len(texts), 2_000):
            part = slice(start, start + 2_000)
            self._collection.add(
                ids=[str(number) for number in range(start, start + len(texts[part]))],
                embeddings=vectors[part],
                documents=list(texts[part]),
            )

    def query(self, vector: NDArray[np.float32], *, k: int = 10) -> int:
        """The ``k`` nearest; returns how many came."""
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["documents", "distances"])
        return len(found["ids"][0])


def _main(store: str, question: str) -> None:
    from qa.models.embedder import MiniLM

    index = open_stock(Path(store), MiniLM.load())
    for node in index.as_retriever(similarity_top_k=10).retrieve(question):
        print(node.node_id, node.score)


if __name__ == "__main__":
    _main(*sys.argv[1:])
