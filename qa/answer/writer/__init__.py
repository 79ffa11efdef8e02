"""Answers that a model writes: what it is shown (``shown``, ``messages``), what it replies (``reply``), and what of
that is true enough to be shown (``claims``); ``writing`` goes through all of it.

The model points at sentences by ids, and code cuts the quotes out of the ledger: no offset, quote, title or date of a
model's is ever a citation's.
"""
