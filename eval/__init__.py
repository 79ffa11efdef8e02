"""Measuring qa: benches and, later, the eval suite. Nothing in ``qa`` imports this."""
