"""Runs every check of the project, one after the other, and fails where one does: ``python tests/everything.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    (BIN / "ruff", "format", "--check", "."),
    (BIN / "ruff", "check", "."),
    (BIN / "mypy",),
    (BIN / "lint-imports", "--no-cache"),
    (sys.executable, "-m", "pytest", "-m", "not slow", *sys.argv[1:]),
)


def main() -> int:
    failed = []
    for check in CHECKS:
        command = [str(part) for part in check]
        sys.stdout.write(f"$ {Path(command[0]).name} {' '.join(command[1:])}\n")
        sys.stdout.flush()
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(Path(command[0]).name)
    if failed:
        sys.stdout.write(f"not met: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
