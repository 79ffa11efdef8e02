"""The prompt: question after question over one open index, with history; ``:show 1`` opens a citation, ``:strict``,
``:normal`` and ``:lenient`` say how sure an answer has to be.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING

from qa.cli.asking import ask
from qa.cli.options import question
from qa.cli.render import citations, show_answer
from qa.cli.show import show_article
from qa.cli.terminal import note, show, stdout
from qa.cli.writing import write
from qa.config import Strictness
from qa.errors import Exit, QaError
from qa.types import Citation, Filters, Span

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

    from qa.app import Reading
    from qa.app.writing import Writer
    from qa.config.endpoint import Endpoint

#: Lines of an article shown before and after an opened citation: it has to stay on the screen.
_AROUND = 6
_NUMBER = re.compile(r"[0-9]{1,6}")
_HELP = (
    ":show N opens citation N in its article; :strict, :normal or :lenient says how sure an answer has to be;"
    " :quit (or Ctrl-D) ends; anything else is a question"
)
_SETTLED = {
    ":strict": (Strictness.STRICT, "from now on only answers that are surer than usual"),
    ":normal": (Strictness.NORMAL, "from now on answers that are as sure as usual"),
    ":lenient": (Strictness.LENIENT, "from now on also answers that are less sure than usual"),
}


def converse(reading: Reading, *, k: int, filters: Filters, endpoint: Endpoint | None = None) -> int:
    """Read questions until the end of input. Ctrl-C drops the line being typed."""
    from qa.app.writing import Writer

    with Writer(reading, endpoint) if endpoint else nullcontext() as writer:
        return _turns(reading, writer, k=k, filters=filters)


def _turns(reading: Reading, writer: Writer | None, *, k: int, filters: Filters) -> int:
    session = _session()
    cited: list[Citation] = []
    before: list[str] = []
    note(_HELP)
    while True:
        try:
            line = session.prompt("qa> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return Exit.DONE
        if line in {":quit", ":q", ":exit"}:
            return Exit.DONE
        try:
            cited = _turn(reading, writer, line, cited, before, k=k, filters=filters)
        except QaError as error:
            note(f"qa: {error.message} ({error.id})")


def _session() -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    from qa.config import history_file

    history: History
    try:
        path = history_file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        history = FileHistory(str(path))
    except OSError:
        history = InMemoryHistory()
    return PromptSession(history=history)


def _turn(
    reading: Reading,
    writer: Writer | None,
    line: str,
    cited: list[Citation],
    before: list[str],
    *,
    k: int,
    filters: Filters,
) -> list[Citation]:
    if not line:
        return cited
    if line.startswith(":"):
        _command(reading, line, cited)
        return cited
    if writer is not None:
        whole = writer.stands_alone(before, question(line))
        if whole != line:
            note(f"qa: asking: {whole}")
        before.append(whole)
        written = write(writer, question(whole), k=k, filters=filters)
        show(stdout())
        return citations(written.answer)
    asked = ask(reading, question(line), k=k, filters=filters, usual="':normal'", lenient="':lenient'")
    show_answer(stdout(), asked.answer)
    show(stdout())
    return citations(asked.answer)


def _command(reading: Reading, line: str, cited: list[Citation]) -> None:
    name, _, argument = line.partition(" ")
    if name in _SETTLED:
        strictness, said = _SETTLED[name]
        reading.settle(strictness)
        note(said)
    elif name != ":show":
        note(_HELP)
    elif not _NUMBER.fullmatch(argument.strip()) or not 1 <= int(argument) <= len(cited):
        note(f"there are {len(cited)} citations to show: :show 1")
    else:
        citation = cited[int(argument) - 1]
        article = reading.ledger.article(citation.article_id, citation.version)
        if article is None:
            note("that article has been erased since")
        else:
            show_article(stdout(), article, Span(citation.start, citation.end), around=_AROUND)
