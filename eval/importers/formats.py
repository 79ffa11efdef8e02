"""The formats that can be imported, and how files of one become a gold set.

How the files of a format are read is in the format's own module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from eval.gold.store import digest, read_set, write_imported, write_set
from eval.importers import beir, clapnq, polnear, rgb, squad, table
from eval.importers.articles import slug
from eval.importers.imported import Imported, Parts
from eval.importers.reading import read_bytes
from eval.types import GoldSet
from qa.errors import UsageError

__all__ = ["FORMATS", "Format", "Imported", "digest_of", "format_of", "write"]


def _itself(path: Path) -> tuple[Path, ...]:
    return (path,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of other people's files.

    ``path`` says what is to be named, ``files`` which files that means. ``read`` is for a format that brings its own
    articles, ``read_over`` for one whose corpus is given beside.
    """

    name: str
    description: str
    path: str
    source: str
    licence: str
    read: Callable[[Path], Parts] | None = None
    read_over: Callable[[Path, Path], Parts] | None = None
    files: Callable[[Path], tuple[Path, ...]] = _itself

    def convert(self, path: Path, corpus: Path | None = None) -> Imported:
        """The gold set that ``path`` is, over ``corpus`` where the format brings no articles.

        Raises ``UsageError`` (``import.*``), with file and place, for whatever isn't as the format has it.
        """
        parts = self._parts(path, corpus)
        if not parts.items:
            raise UsageError("import.empty", f"{str(path)!r} has no question that can be used")
        files = self.files(path)
        seen = files[0].name if len(files) == 1 else f"{len(files)} files"
        gold = GoldSet(
            name=self.set_name(path),
            description=" ".join([self.description, *_left_out(parts)]),
            corpus=parts.corpus,
            categories=parts.categories,
            items=parts.items,
            sha256=digest(parts.items),
            twins=False,
            licence=self.licence,
            source=f"{self.source}: {seen} (sha256 {digest_of(files)})",
        )
        return Imported(gold=gold, articles=parts.articles)

    def set_name(self, path: Path) -> str:
        """The set's name: the format's and the path's, once where they begin alike."""
        stem = slug(path.absolute().stem)
        return stem if stem.startswith(self.name) else f"{self.name}-{stem}".rstrip("-")

    def _parts(self, path: Path, corpus: Path | None) -> Parts:
        if self.read_over is not None:
            if corpus is None:
                message = f"{self.name} has questions and answers, but no articles"
                raise UsageError("import.no_corpus", message, remedy="name them: --corpus DIR")
            return self.read_over(path, corpus)
        if corpus is not None:
            raise UsageError("import.own_corpus", f"{self.name} brings its own articles, so it takes no other corpus")
        assert self.read is not None
        return self.read(path)


def digest_of(files: tuple[Path, ...]) -> str:
    """The sha256 of a file, or of the names and digests of several."""
    digests = [(file.name, sha256(read_bytes(file)).hexdigest()) for file in files]
    if len(digests) == 1:
        return digests[0][1]
    return sha256("".join(f"{one}  {name}\n" for name, one in digests).encode("utf-8", "backslashreplace")).hexdigest()


def format_of(name: str) -> Format:
    """The format of that name; raises ``UsageError``."""
    if name not in FORMATS:
        raise UsageError("import.no_format", f"{name!r} is none of the formats {', '.join(FORMATS)}")
    return FORMATS[name]


def write(folder: Path, imported: Imported) -> GoldSet:
    """Make ``folder`` hold an imported set, with its articles if it brings any, and return the set as it is there."""
    if imported.articles:
        return write_imported(folder, imported)
    write_set(folder, imported.gold)
    return read_set(folder)


def _left_out(parts: Parts) -> list[str]:
    return [f"Left out: {'; '.join(parts.left_out)}."] if parts.left_out else []


def _squad(name: str, read: Callable[[Path], Parts], description: str) -> Format:
    return Format(
        name=name,
        description=description,
        path="a JSON file",
        source="Rajpurkar et al. 2016 and 2018, or a set in their format",
        licence="SQuAD: CC BY-SA 4.0; other sets in its format have their own",
        read=read,
    )


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        _squad(
            "squad1",
            squad.read_squad1,
            "Questions on Wikipedia paragraphs in the format of SQuAD 1.1, all paragraphs one collection.",
        ),
        _squad(
            "squad2",
            squad.read_squad2,
            "Questions on Wikipedia paragraphs in the format of SQuAD 2.0, all paragraphs one collection, with "
            "questions that their paragraph doesn't answer.",
        ),
        Format(
            name="clapnq",
            description="Natural questions with the sentences of a passage that a long answer is made of, all passages "
            "one collection; answers aren't graded.",
            path="a JSON Lines file of annotated data, or a folder of them",
            source="Rosenthal et al. 2025, CLAP NQ (primeqa/clapnq)",
            licence="Apache-2.0; the passages: CC BY-SA 3.0",
            read=clapnq.read_clapnq,
            files=clapnq.files,
        ),
        Format(
            name="rgb",
            description="News questions, each asked over four documents of its own, of which 4, 2, 1 or none answer; "
            "evidence is wherever a wording of the answer stands, since the set has no gold spans.",
            path="a JSON Lines file (en.json)",
            source="Chen et al. 2024, Retrieval-Augmented Generation Benchmark",
            licence="CC BY-NC-SA 4.0: for measuring only",
            read=rgb.read_rgb,
        ),
        Format(
            name="polnear",
            description="What a person said in one news article, by annotated attributions; statements by a pronoun "
            "aren't counted as the person's, and answers aren't graded.",
            path="a folder with text/*.txt and attributions/*.ann",
            source="Newell et al. 2018, PolNeAR",
            licence="none stated: for measuring only",
            read=polnear.read_polnear,
            files=polnear.files,
        ),
        Format(
            name="beir",
            description="Queries with graded documents, for retrieval alone.",
            path="a folder with corpus.jsonl, queries.jsonl and qrels/*.tsv, or one of these .tsv files",
            source="a set in the layout of Thakur et al. 2021, BEIR",
            licence="each set has its own",
            read=beir.read_beir,
            files=beir.files,
        ),
        Format(
            name="csv",
            description="Questions and answers of a table.",
            path="a CSV file with the columns question, answer[, article, quote, category, aliases]",
            source="a table",
            licence="",
            read_over=table.read_table,
        ),
    )
}
