"""Where things of the user's are: the index, the history, what is remembered, the configuration. None of it need exist;
nothing is made here.
"""

from __future__ import annotations

import os
from pathlib import Path

from qa.errors import UsageError

#: Names the index's folder where ``--index`` doesn't.
INDEX_VARIABLE = "QA_INDEX"
#: Names the configuration file.
CONFIG_VARIABLE = "QA_CONFIG"


def index_folder(option: str | None) -> Path:
    """The index's folder: ``--index``, else ``QA_INDEX``, else one folder per user. It need not exist."""
    if option is not None and not option.strip():
        raise UsageError("usage.index", "--index names no folder", remedy="leave it out for your own index")
    chosen = option or os.environ.get(INDEX_VARIABLE)
    if chosen:
        return _expanded(chosen, "usage.index")
    from platformdirs import user_data_path

    return user_data_path("qa", appauthor=False) / "index"


def history_file() -> Path:
    """Where the interactive prompt keeps its history; the folder need not exist."""
    from platformdirs import user_state_path

    return user_state_path("qa", appauthor=False) / "history"


def remembered_file(name: str) -> Path:
    """A file of what is remembered and can be found out again; the folder need not exist."""
    from platformdirs import user_state_path

    return user_state_path("qa", appauthor=False) / name


def config_file() -> Path:
    """The configuration file: ``QA_CONFIG``, else one per user. It need not exist."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    if chosen:
        return _expanded(chosen, "config.path")
    from platformdirs import user_config_path

    return user_config_path("qa", appauthor=False) / "config.toml"


def _expanded(path: str, id: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except (OSError, RuntimeError) as error:
        raise UsageError(id, f"{path!r} can't be found from here: {error}") from error
