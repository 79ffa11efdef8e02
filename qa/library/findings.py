"""What ``check`` can find: one value, shared by those who look and those who mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that isn't as it must be. ``id`` says what kind (``"article.text"``), ``message`` the rest in words.

    ``article_id`` and ``version`` name the article it's in, where it's in one.
    """

    id: str
    message: str
    article_id: str = ""
    version: int = 0
