"""Which legacy encoding bytes are in that are neither Unicode nor declared: charset-normalizer's guess, put right where
it ties. Only the guess is made here; :mod:`qa.ingest.decode` says when it is asked for.
"""

from __future__ import annotations

DEFAULT = "cp1252"
_SAMPLE = 32_768
# Left to all of Python's codecs, detection takes short Western texts for rare code pages.
_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "cp1255", "koi8_r", "gb18030", "big5", "cp932",
    "euc_jp", "cp949",
]  # fmt: skip
# What languages of three code pages use beyond ASCII and the punctuation that these share; the first page wins a tie.
_LATIN = {
    "cp1252": (
        "£¥¢¼½¾¹²³ªº", "áéíóúñü¿¡ªº", "àâæçéèêëîïôœùûüÿ", "äöüß", "áâãàçéêíóôõú", "àèéìòù", "åäöé", "æøåé", "ëïéèöüá",
        "áéíóúýþæðö",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâîû",),
}  # fmt: skip
_SHARED = frozenset("€‚„…†‡‰‹›‘’“”•–—™\u00a0¤¦§©«¬®°±´µ¶·»")
_EAST_ASIAN = ("gb18030", "big5", "cp932", "euc_jp", "cp949")


def detect(raw: bytes) -> str:
    """The likeliest encoding of ``raw``; Windows-1252 where nothing speaks for another."""
    from charset_normalizer import from_bytes

    telling = _telling(raw)
    best = from_bytes(telling, cp_isolation=_CANDIDATES, steps=5, chunk_size=512).best()
    if best is None:
        return DEFAULT
    if best.encoding in _LATIN:
        return _latin(telling)
    if best.encoding in _EAST_ASIAN:
        return next((encoding for encoding in ("cp932", "euc_jp") if _is_japanese(telling, encoding)), best.encoding)
    return best.encoding


def _telling(raw: bytes) -> bytes:
    """At most 32 KB of the lines that aren't ASCII: what detection needs to see, in bounded time."""
    lines, size = [], 0
    for line in raw.splitlines():
        if not line.isascii():
            lines.append(line[:4096])
            size += len(lines[-1])
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def _latin(raw: bytes) -> str:
    """The code page in which one language explains most of the characters beyond ASCII."""
    explained = {encoding: _explained(raw.decode(encoding, "replace"), sets) for encoding, sets in _LATIN.items()}
    return max(explained, key=lambda encoding: explained[encoding])


def _explained(text: str, languages: tuple[str, ...]) -> int:
    beyond = [char for char in text.lower() if not char.isascii() and char not in _SHARED]
    return max(sum(char in letters for char in beyond) for letters in languages)


def _is_japanese(raw: bytes, encoding: str) -> bool:
    """Whether a third of what isn't ASCII is hiragana, as in any Japanese sentence and in no other's misreading."""
    text = raw.decode(encoding, "replace")
    beyond = [char for char in text if not char.isascii()]
    return 3 * sum("\u3041" <= char <= "\u3096" for char in beyond) >= len(beyond)
