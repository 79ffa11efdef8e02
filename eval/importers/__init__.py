"""Other people's data sets as gold sets: one module a format, :mod:`eval.importers.formats` lists them."""
