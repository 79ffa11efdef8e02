"""The values that flow between the rooms of the house: frozen dataclasses, no behaviour beyond slicing.

Offsets everywhere are Unicode code points, 0-based, end exclusive, into ``Article.text`` of one stored version.
Nothing here knows about storage, models or terminals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a sentence is in its article. Only ``BODY`` is ever embedded, shown as evidence or cited."""

    BODY = "body"
    HEADLINE = "headline"
    CAPTION = "caption"
    JUNK = "junk"


class Status(StrEnum):
    """How an answer ended. ``PARTLY``: a part of the question stays unanswered."""

    ANSWERED = "answered"
    PARTLY = "partly"
    ABSTAINED = "abstained"


class Support(StrEnum):
    """Whether a claim follows from the sentences that it cites."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Which embedder made a vector. Vectors of two fingerprints must never be compared.

    ``sha256`` is the model file's, in hex; ``normalised`` says that every vector has length 1.
    """

    name: str
    sha256: str
    dimension: int
    normalised: bool

    @property
    def id(self) -> str:
        """Short form for people: ``name@`` and the first eight digits of the digest."""
        return f"{self.name}@{self.sha256[:8]}"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The slice of ``text`` that this span names."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as read from a source, before it is stored.

    ``identity`` says which article this is over time: a canonical path, a URL, or a path and an id in a JSONL file.
    ``origins`` says for each metadata field where it was found (``"front matter"``, ``"html"``, ``"json"``,
    ``"text"``). ``raw_sha256`` is the digest of the bytes that it was read from.
    """

    identity: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    published: date | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    raw_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One stored version of an article; ``text`` never changes once stored. ``sha256`` is of the text's UTF-8."""

    id: str
    version: int
    identity: str
    title: str
    source: str
    url: str
    author: str
    published: date | None
    text: str
    sha256: str
    origins: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSpan:
    """A sentence of a text that isn't stored yet: where it stands and what it is."""

    start: int
    end: int
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSpan:
    """A run of consecutive body sentences ``sentences[first:last]`` (``last`` exclusive), from ``start`` to ``end``."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """A text cut into sentences (in order, not overlapping, only white space uncovered) and passages over them."""

    sentences: tuple[SentenceSpan, ...]
    passages: tuple[PassageSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A stored sentence; ``number`` counts from 0 inside its article version."""

    id: str
    article_id: str
    version: int
    number: int
    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stored passage. ``key`` is the ledger's integer for it (never reused), ``first`` and ``last`` (exclusive) its
    sentences.
    """

    id: str
    key: int
    article_id: str
    version: int
    number: int
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in an article where a person is meant: by a name, a pronoun or a description such as a job title."""

    start: int
    end: int
    kind: str  # "name", "pronoun" or "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person inside one article version: the fullest name, the other forms used for them, and where."""

    name: str
    aliases: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something said in one sentence. ``speaker`` is a ``Person.name`` of the article, or another source as written.

    ``kind``: ``"direct"``, ``"indirect"`` or ``"mixed"``. ``inferred``: the sentence itself doesn't name the speaker.
    ``why`` says how the speaker is known: ``"name"``, ``"role"`` and ``"pronoun"`` stand beside the cue, ``"written"``
    is a source that is no known person, ``"subject"`` is the sentence's; a quotation has its speaker from the one
    ``"before"`` or ``"after"`` it, the words that ``"announced"`` it, who ``"signed"`` it, or is an answer in an
    ``"interview"``.

    ``content`` are the pieces of what was said, in order, inside ``[start, end)``. ``cue`` is the word that reports it
    and ``source`` where its speaker is written, which for the later sentences of a quotation stand elsewhere; ``None``
    where nothing is written.
    """

    sentence: int
    speaker: str
    kind: str
    inferred: bool
    start: int
    end: int
    content: tuple[Span, ...]
    cue: Span | None = None
    source: Span | None = None
    why: str = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles may be searched. ``since`` and ``until`` are inclusive; with either, undated articles are left
    out.

    ``without`` are ids of articles that are as if they weren't in the corpus: what the others narrow is only the
    search, these aren't known of either (names, rarity of words, counts).
    """

    source: str | None = None
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()

    @property
    def narrows(self) -> bool:
        """Whether only a part of the corpus is asked about."""
        return self.source is not None or self.since is not None or self.until is not None

    @property
    def active(self) -> bool:
        """Whether anything is filtered at all."""
        return self.narrows or bool(self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as read: what it names, quotes and dates, and what kind of thing it asks for.

    ``names`` are all proper names, ``people`` those that may be persons, ``terms`` the remaining content words in
    order. ``kind``: ``"who"``, ``"where"``, ``"when"``, ``"quantity"``, ``"statement"`` (what did X say),
    ``"definition"``, ``"yesno"``, ``"why"``, ``"list"`` or ``"other"``.
    """

    text: str
    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    kind: str = "other"
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a question found. Raw scores are kept because fused ranks can't say that nothing fits.

    Ranks count from 1; ``None`` where that search didn't return the passage. ``cosine`` is recomputed from the
    ledger's vector. ``musts`` are the names and quoted strings of the question that the passage's article meets;
    ``copies`` are ids of collapsed duplicates.
    """

    passage: Passage
    article: Article
    score: float
    lexical_rank: int | None = None
    bm25: float | None = None
    dense_rank: int | None = None
    cosine: float | None = None
    rerank: float | None = None
    musts: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The passage's text, sliced out of its article."""
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An exact span of a stored article: ``article.text[start:end] == quote``, always.

    ``prefix`` and ``suffix`` are the text around it (at most 32 code points each), to find it again in a changed
    article. ``highlight`` is the short answer inside, in the article's offsets, where there is one.
    """

    article_id: str
    version: int
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    title: str = ""
    source: str = ""
    url: str = ""
    published: date | None = None
    highlight: Span | None = None
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who said a claim; ``inferred`` where the quote itself doesn't name them and the article's context does."""

    name: str
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of an answer with the citations that carry it. ``score`` is the writer's confidence in 0..1."""

    text: str
    citations: tuple[Citation, ...]
    support: Support
    reasons: tuple[str, ...] = ()
    speaker: Speaker | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCount:
    """In how many of the searched articles a name of the question occurs; ``similar`` are names there spelled nearly
    so.
    """

    name: str
    articles: int
    similar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What was looked at before abstaining. ``topic_articles`` counts those that have all of ``topic``; dates are of
    what was searched.
    """

    reason: str
    articles: int
    passages: int
    names: tuple[NameCount, ...] = ()
    topic: tuple[str, ...] = ()
    topic_articles: int = 0
    closest: tuple[Citation, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made an answer: versions and fingerprints (``reader`` is empty where none read), seconds by stage.

    Of a model that wrote: its name ``@`` the endpoint's host, the digests of the prompts, the tokens that the endpoint
    counted, and what they cost by the user's own table (``price``, in ``currency``; ``None`` without one).
    """

    engine: str
    qa_version: str
    embedder: str
    reader: str = ""
    ledger_epoch: int
    prompts: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    price: float | None = None
    currency: str = ""

    @property
    def tokens(self) -> int:
        """All that the endpoint counted."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer in full: claims shown, claims rejected, or why there are none. ``notes`` are said beside it (an
    ambiguity, say). ``complete`` is false where a model's reply broke off after the claims that are here.
    """

    question: Question
    status: Status
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Claim, ...] = ()
    absence: Absence | None = None
    notes: tuple[str, ...] = ()
    complete: bool = True
    provenance: Provenance | None = None
