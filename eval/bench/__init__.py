"""The bench: section by section, what a question and an ingest cost, beside LlamaIndex's stock chain and Chroma used
directly.

``python -m eval.bench`` prints ratios measured in one run, CPU seconds throughout. All peers use the same embedder.

The other modules measure one room each (``python -m eval.bench.NAME``), on development data; ``scorer`` also trains.
"""
