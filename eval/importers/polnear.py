"""PolNeAR: news articles with attributions (source, cue, content), as items that ask what a person said in one article.

An item is a person whom one article names in full as a source: a given name of the United States census and what
follows it with capitals. Evidence are the sentences of each of the person's statements, an alternative each: those
whose source has the full name, and those whose source ends in the surname, where no other source of the article bears
it. Statements by "he" or "she" are the person's too, as far as anybody knows; gold doesn't say, so precision is a lower
bound. No item says what a right answer contains.

Whose licence allows what is not stated: for measuring only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eval.corpus import Text
from eval.importers.articles import Articles, stored_at
from eval.importers.brat import Attribution, read_attributions
from eval.importers.imported import Parts
from eval.importers.items import Ids, Spans, proof, sentences_over, split_of
from eval.importers.names import full_name
from eval.importers.reading import Record, read_text
from eval.types import Item, ItemFilters
from qa.errors import UsageError
from qa.types import Span

_CATEGORIES = {"statement": "What a person who is named in full said in one article."}
_TEXTS, _ATTRIBUTIONS = "text", "attributions"
_ANNOTATOR = re.compile(r"_[0-9a-f]{4}\Z")
_DATE = re.compile(r"_(\d{4}-\d{2}-\d{2})_")


def files(path: Path) -> tuple[Path, ...]:
    """All texts and attributions of a folder, or of the one folder below it that has both."""
    folder = _folder(path)
    return tuple(sorted([*(folder / _TEXTS).glob("*.txt"), *(folder / _ATTRIBUTIONS).glob("*.ann")]))


def read_polnear(path: Path) -> Parts:
    """A folder with ``text/*.txt`` and ``attributions/*.ann``; of several annotators of a text, the first."""
    articles, ids = Articles(), Ids()
    items: list[Item] = []
    texts, annotated, skipped = _by_name(files(path))
    for name, file in annotated.items():
        raw = read_text(texts[name])
        record = Record(texts[name], "the text", {})
        date = _DATE.search(name)
        text = articles.add(record, raw, source=f"[{name}]", published=date[1] if date else "", id=name)
        items += _items(name, text, tuple(_stored(one, raw) for one in read_attributions(file, raw)), ids)
    return Parts(
        items=tuple(items),
        articles=articles.documents,
        categories=_CATEGORIES,
        left_out=(f"{skipped} annotations of a text by a second annotator",),
    )


def _folder(path: Path) -> Path:
    found = [
        one.parent for one in [path / _TEXTS, *sorted(path.rglob(_TEXTS))] if (one.parent / _ATTRIBUTIONS).is_dir()
    ]
    folders = list(dict.fromkeys(one for one in found if (one / _TEXTS).is_dir()))
    if len(folders) != 1:
        seen = f"{len(folders)} folders" if folders else "no folder"
        message = f"{str(path)!r} has {seen} with {_TEXTS!r} and {_ATTRIBUTIONS!r} in it"
        raise UsageError("import.no_folder", message, remedy="name the folder that these two are in")
    return folders[0]


def _by_name(found: Iterable[Path]) -> tuple[Mapping[str, Path], Mapping[str, Path], int]:
    """The texts by name, the first annotation of each, and how many more there are."""
    texts = {file.stem: file for file in found if file.suffix == ".txt"}
    annotated: dict[str, Path] = {}
    skipped = 0
    for file in (one for one in found if one.suffix == ".ann"):
        name = file.stem if file.stem in texts else _ANNOTATOR.sub("", file.stem)
        if name not in texts:
            raise UsageError("import.no_text", f"{str(file)!r} belongs to no file in {_TEXTS!r}")
        skipped += name in annotated
        annotated.setdefault(name, file)
    return texts, annotated, skipped


def _stored(attribution: Attribution, raw: str) -> Attribution:
    """The attribution with its positions in the text as it is stored."""
    content = (Span(stored_at(raw, span.start), stored_at(raw, span.end)) for span in attribution.content)
    return replace(attribution, content=tuple(content))


def _items(name: str, text: Text, attributions: Sequence[Attribution], ids: Ids) -> Iterator[Item]:
    said = _by_person(attributions)
    for person, own in said.items():
        surname = person.split()[-1]
        alone = sum(other.split()[-1] == surname for other in said) == 1
        also = [one for one in attributions if alone and _is_called(one.source, surname)]
        evidence, acceptable = proof([_spans(text, one) for one in [*own, *also]])
        yield Item(
            id=ids.take(own[0].record, f"{name}:{person.replace(' ', '-')}"),
            question=f"What did {person} say?",
            type="statement",
            categories=tuple(_CATEGORIES),
            cluster=name,
            split=split_of(name),
            answerable=True,
            evidence=evidence,
            acceptable=acceptable,
            speaker=person,
            filters=ItemFilters(source=text.source),
        )


def _by_person(attributions: Iterable[Attribution]) -> dict[str, list[Attribution]]:
    """The attributions whose source has a full name, by it: the shortest of those that differ in middle names."""
    found: dict[tuple[str, str], list[tuple[str, Attribution]]] = {}
    for one in attributions:
        if name := full_name(one.source):
            first, *_, last = name.split()
            found.setdefault((first, last), []).append((name, one))
    return {min((name for name, _ in said), key=len): [one for _, one in said] for said in found.values()}


def _spans(text: Text, attribution: Attribution) -> Spans:
    """The sentences that the content touches, in order."""
    every = [one for span in attribution.content for one in sentences_over(text, span.start, span.end)]
    return tuple(sorted(dict.fromkeys(every), key=lambda span: span.start))


def _is_called(source: str, surname: str) -> bool:
    """Whether a source is somebody named by the surname: "Ryan", "Mr. Ryan", but no full name, nobody for him."""
    return not full_name(source) and len(source.split()) <= 2 and source.split()[-1:] == [surname]
