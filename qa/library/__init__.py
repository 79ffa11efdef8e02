"""The commands that change an index, under its lock: add, remove, check, rebuild. The one writer.

What is read and how it is cut is ``qa.ingest``'s, storage is ``qa.ledger``'s and ``qa.index``'s; here is what happens
when, and what holds if it's cut short.
"""
