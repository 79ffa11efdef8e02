"""``qa eval``: hands its arguments to the eval suite, imported by name and only then: ``qa`` doesn't need it."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "eval",
        help="Measure answers against gold answers with gold spans.",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
        add_help_option=False,
    )(run)


def run(context: typer.Context) -> int:
    """The exit code of the suite's command."""
    from importlib import import_module

    suite = import_module("eval.cli.main")
    return int(suite.app(context.args, prog_name="qa eval", standalone_mode=False) or 0)
