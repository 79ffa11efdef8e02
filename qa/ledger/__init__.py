"""The ledger: the SQLite file that is the truth about a corpus; everything else can be rebuilt from it.

Connections and their modes are in ``connection``, the tables in ``schema``, reading in ``ledger``, writing in ``writer``,
full-text search in ``lexical``. Who may write, and when, is ``qa.library``'s business.
"""
