"""The table ``[prices]`` of the configuration: what a million tokens of a model cost. There are no prices but the
user's own.

::

    [prices]
    currency = "USD"
    [prices."some-model"]
    prompt = 0.4
    completion = 1.6
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.config.file import malformed, read_table, unfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """For a million tokens, in ``currency``."""

    prompt: float
    completion: float
    currency: str

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """What so many tokens cost."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


def price_of(model: str) -> Price | None:
    """The price of a model, ``None`` where the table doesn't have it; raises ``UsageError`` (``config.malformed``)."""
    prices = read_table("prices")
    currency = prices.get("currency", "")
    if not isinstance(currency, str):
        raise unfit("prices.currency", currency, "a string")
    found = prices.get(model)
    if found is None or model == "currency":
        return None
    if not isinstance(found, Mapping):
        raise malformed(f"'prices.{model:.60}' isn't a table")
    return Price(prompt=_amount(found, "prompt"), completion=_amount(found, "completion"), currency=currency)


def _amount(table: Mapping[str, object], name: str) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        raise unfit(f"prices.*.{name}", value, "a price for a million tokens")
    return float(value)
