"""Makes the reader: development data to examples, examples to a network, a network to a model file.

``python -m qa.models.reader.training --help``; it needs the ``train`` extra. Nothing at run time imports this package.
"""
