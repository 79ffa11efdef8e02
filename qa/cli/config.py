"""``qa config``: what is set, setting it, and where it stands. The key is read without being shown."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit, UsageError

_PREFIX = "endpoint."


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    config = typer.Typer(rich_markup_mode=None, no_args_is_help=False)
    config.callback(invoke_without_command=True)(_shown)
    config.command("set", help="Set endpoint.url, .model, .key, .deadline, .context, .stream or .embedder_url.")(_set)
    config.command("unset", help="Take a setting out.")(_unset)
    config.command("path", help="Where the configuration file is.")(_path)
    app.add_typer(config, name="config", help="Show and set where a model is asked.")


def _shown(context: typer.Context, as_json: Json = False) -> int:
    """Show what is set, without the key."""
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled
    from qa.config import config_file, read_strictness
    from qa.config.endpoint import KEYS, values

    found, strictness = values(), read_strictness()
    if as_json:
        print_json({"file": str(config_file()), "endpoint": found, "strictness": strictness})
        return Exit.DONE
    console = stdout()
    show(console, styled(f"{config_file()}"))
    for name, what in KEYS.items():
        value = found.get(name)
        shown = "not set" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        show(console, styled((f"{_PREFIX}{name}", "bold"), f" = {shown}", (f"  ({what})", "dim")), indent=2)
    return Exit.DONE


def _set(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as endpoint.url.")],
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="A key is better left out, and typed.")] = None,
) -> int:
    from qa.cli.terminal import note
    from qa.config.endpoint import set_value

    short = _short(name)
    text = _asked_for(short) if value is None else value
    path = set_value(short, text)
    note(f"qa: {_PREFIX}{short} is set in {path}")
    return Exit.DONE


def _unset(name: Annotated[str, typer.Argument(metavar="NAME", help="Such as endpoint.key.")]) -> int:
    from qa.cli.terminal import note
    from qa.config.endpoint import unset

    path = unset(_short(name))
    note(f"qa: {_PREFIX}{_short(name)} isn't set in {path}")
    return Exit.DONE


def _path() -> int:
    from qa.cli.terminal import show, stdout, styled
    from qa.config import config_file

    show(stdout(), styled(str(config_file())))
    return Exit.DONE


def _short(name: str) -> str:
    return name.removeprefix(_PREFIX)


def _asked_for(name: str) -> str:
    """The value from a terminal, unseen where it is a key, or the first line of a pipe."""
    if not sys.stdin.isatty():
        text = sys.stdin.readline().strip()
    else:
        import getpass

        text = getpass.getpass(f"{_PREFIX}{name}: ") if name == "key" else input(f"{_PREFIX}{name}: ")
    if not text.strip():
        raise UsageError(
            "config.value", f"no value for '{_PREFIX}{name:.40}'", remedy=f"qa config set {name:.40} VALUE"
        )
    return text
