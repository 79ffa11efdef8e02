"""Makes the reader: development data to examples, examples to a network; ``qa.models.reader.export`` does the rest.

``python -m qa.training --help``; it needs the ``train`` extra. Nothing at run time imports this package.
"""
