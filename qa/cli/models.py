"""``qa models``: the models that come with ``qa``, what the index is embedded with, and what the endpoint serves."""

from __future__ import annotations

import typer

from qa.cli.engine import BaseUrl
from qa.cli.options import Index, Json
from qa.errors import Exit


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("models", help="List the models that come with qa and those that the endpoint serves.")(run)


def run(base_url: BaseUrl = None, index: Index = None, as_json: Json = False) -> int:
    """Exit 0; where an endpoint is set and doesn't say what it serves, its error."""
    from qa.app.embedders import model_of_index
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled
    from qa.config import index_folder
    from qa.config.endpoint import Given, endpoint_in_force
    from qa.llm.client import EndpointModel
    from qa.llm.model import Deadline
    from qa.models.fingerprint import read_card, shipped_folder
    from qa.models.reader.reader import shipped_reader

    own = {
        "embedder": read_card(shipped_folder()).fingerprint.id,
        "reader": read_card(shipped_reader()).fingerprint.id,
    }
    made_with = model_of_index(index_folder(index))
    if made_with is not None:
        own["index"] = made_with.id
    endpoint = endpoint_in_force(Given(url=base_url or None))
    served = EndpointModel(endpoint).served(Deadline.after(min(30.0, endpoint.deadline))) if endpoint else ()
    if as_json:
        print_json({**own, "endpoint": endpoint.url if endpoint else None, "served": served})
        return Exit.DONE
    console = stdout()
    for what, name in own.items():
        show(console, styled((f"{what} ", "bold"), name))
    if endpoint is None:
        show(console, styled(("endpoint ", "bold"), "none is set"))
        return Exit.DONE
    show(console, styled(("endpoint ", "bold"), endpoint.url))
    for name in served:
        mark = "  (in use)" if name == endpoint.model else ""
        show(console, styled(name, (mark, "dim")), indent=2)
    return Exit.DONE
