"""The metrics, one a file. ``eval.metrics.all`` lists them; each file says its name, formula and source."""
