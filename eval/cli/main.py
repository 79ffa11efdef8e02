"""The program ``qa eval``: its commands, one file a noun. ``qa`` runs it and turns its errors into exit codes."""

from __future__ import annotations

import typer

from eval.cli import calibrate, compare, gate, gold, run, score, selftest, show

app = typer.Typer(
    name="eval",
    help="Measure answers against gold answers with gold spans.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options() -> None:
    """Nothing but commands."""


for module in (run, score, show, compare, gate, calibrate, selftest):
    module.register(app)
app.add_typer(gold.app, name="gold")
