"""Runs every check of the project, one after the other, and fails where one does: ``python tests/everything.py``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    (BIN / "ruff", "format", "--check", "."),
    (BIN / "ruff", "check", "."),
    (BIN / "mypy",),
    (BIN / "lint-imports", "--no-cache"),
    (sys.executable, "-m", "pytest", "-m", "not slow and not llm", *sys.argv[1:]),
    (BIN / "qa", "eval", "selftest"),
    (BIN / "qa", "eval", "gold", "check", "newsroom"),
    (BIN / "qa", "eval", "run", "smoke"),
    (BIN / "qa", "eval", "gate"),
    (BIN / "qa", "eval", "run", "newsroom"),
    (BIN / "qa", "eval", "gate"),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        return run(Path(scratch))


def run(scratch: Path) -> int:
    """Every check; runs, caches and the configuration of ``qa`` lie in ``scratch``, so that nobody's own are met."""
    own = {"QA_RUNS": scratch / "runs", "QA_EVAL_CACHE": scratch / "cache", "QA_CONFIG": scratch / "config.toml"}
    environment = {**os.environ, **{name: str(path) for name, path in own.items()}}
    failed = []
    for check in CHECKS:
        command = [str(part) for part in check]
        sys.stdout.write(f"$ {Path(command[0]).name} {' '.join(command[1:])}\n")
        sys.stdout.flush()
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(" ".join([Path(command[0]).name, *command[1:3]]))
    if failed:
        sys.stdout.write(f"not met: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
