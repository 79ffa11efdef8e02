"""The commands of ``qa eval``: parse, call, print."""
