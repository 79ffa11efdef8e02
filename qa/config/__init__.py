"""Where the user's things are, and what the user's configuration file says. Nothing is read or made at import.

``paths`` says where, ``file`` reads and writes the file's tables, ``abstention`` and ``endpoint`` know one each.
"""

from __future__ import annotations

from qa.config.abstention import (
    STEP,
    Abstention,
    InForce,
    Strictness,
    read_abstention,
    read_strictness,
    threshold_in_force,
    write_abstention,
)
from qa.config.paths import (
    CONFIG_VARIABLE,
    INDEX_VARIABLE,
    config_file,
    history_file,
    index_folder,
    remembered_file,
)

__all__ = [
    "CONFIG_VARIABLE",
    "INDEX_VARIABLE",
    "STEP",
    "Abstention",
    "InForce",
    "Strictness",
    "config_file",
    "history_file",
    "index_folder",
    "read_abstention",
    "read_strictness",
    "remembered_file",
    "threshold_in_force",
    "write_abstention",
]
