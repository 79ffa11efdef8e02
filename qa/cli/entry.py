"""Where the program begins: nothing heavy is imported before an interrupt can be answered."""

from __future__ import annotations

import os
from typing import NoReturn


def main() -> NoReturn:
    """Run ``qa``; a Ctrl-C while it is still being loaded ends it quietly with 130."""
    try:
        from qa.cli.main import main as run
    except KeyboardInterrupt:
        os._exit(130)
    run()
