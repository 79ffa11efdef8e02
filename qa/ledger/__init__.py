"""The ledger: the SQLite file that is the truth about a corpus; everything else can be rebuilt from it.

Connections and their modes are in ``connection``, the tables in ``schema``, reading in ``ledger``, writing in
``writer``, full-text search in ``lexical``, errors of the disk in ``faults``, what only ``check`` needs in
``inspection`` and ``salvage``. Who may write, and when, is ``qa.library``'s business.
"""
