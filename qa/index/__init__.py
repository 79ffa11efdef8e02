"""The vector index: Chroma generations, built aside, sealed, published by one rename, and checked on every question.

``store`` is the only module that imports chromadb. ``generation`` publishes, ``dense`` searches, ``exact`` searches
without Chroma, ``check`` inspects. All of it can be deleted: it is made again from the ledger's vectors.
"""
