"""Prompts: filled whole or not at all."""

import hashlib
from pathlib import Path

import pytest

import prompts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "greet.txt").write_text("Say ${word} to $name; keep $$5.", encoding="utf-8")
    return tmp_path


def test_a_prompt_is_filled(folder: Path) -> None:
    prompt = prompts.load("greet", folder=folder)
    assert prompt.fill(word="hello", name="$word") == "Say hello to $word; keep $5."
    assert prompt.sha256 == hashlib.sha256(b"Say ${word} to $name; keep $$5.").hexdigest()


@pytest.mark.parametrize("variables", [{"word": "a"}, {"word": "a", "name": "b", "extra": "c"}, {}])
def test_missing_and_unknown_variables_are_errors(folder: Path, variables: dict[str, str]) -> None:
    with pytest.raises(KeyError, match="greet"):
        prompts.load("greet", folder=folder).fill(**variables)


@pytest.mark.parametrize("name", ["../greet", "", "Greet", "a/b", "greet.txt"])
def test_a_name_is_not_a_path(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a prompt"):
        prompts.load(name, folder=folder)


def test_a_prompt_that_is_not_there(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        prompts.load("absent", folder=folder)
