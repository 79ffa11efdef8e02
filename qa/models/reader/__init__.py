"""The embedded reader: points at the answer in a passage, says which sentences are evidence, and whether any is.

``passage`` has what goes in and out, ``reader`` runs the model, ``encoding`` is how a question and a passage become
tokens, at run time and in training alike. ``qa.training`` (PyTorch, an extra) makes the model.
"""
