"""Where things are: the index's folder and the user's files. Nothing is read or made at import."""

from __future__ import annotations

import os
from pathlib import Path

from qa.errors import UsageError

#: Names the index's folder where ``--index`` doesn't.
INDEX_VARIABLE = "QA_INDEX"


def index_folder(option: str | None) -> Path:
    """The index's folder: ``--index``, else ``QA_INDEX``, else one folder per user. It need not exist."""
    if option is not None and not option.strip():
        raise UsageError("usage.index", "--index names no folder", remedy="leave it out for your own index")
    chosen = option or os.environ.get(INDEX_VARIABLE)
    if chosen:
        try:
            return Path(chosen).expanduser().absolute()
        except (OSError, RuntimeError) as error:
            raise UsageError("usage.index", f"{chosen!r} can't be found from here: {error}") from error
    from platformdirs import user_data_path

    return user_data_path("qa", appauthor=False) / "index"


def history_file() -> Path:
    """Where the interactive prompt keeps its history; the folder need not exist."""
    from platformdirs import user_state_path

    return user_state_path("qa", appauthor=False) / "history"
