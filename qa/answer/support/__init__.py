"""Whether a claim follows from the sentences that it cites: supported, partly, unsupported, with the reasons.

Deterministic checks that fail closed, then, for paraphrase, the reader. ``judge`` is the door and lists the checks;
``verdict`` has what goes in and out. What the checks stand on, from below:

- ``lexicon`` (with ``lexicon.toml``): the words that they know; ``words``: a text cut into words; ``reports``: what it
  reports as said; ``reading``: a sentence (``Line``) with all of that; ``cited``: the evidence read (``Piece``).
- Numbers: ``numerals`` (the digits or words), ``figure`` (with a unit), ``figures`` (of a sentence), ``numbers`` (the
  check). Times: ``moment`` (the type), ``dated`` and ``relative`` (how they're written), ``times`` (of a sentence),
  ``periods`` (which days), ``dates`` (the check).
- ``scopes``: how far a marker governs; ``negation`` and ``markers``: the markers, which ``polarity`` and ``modality``
  compare. ``sides``: who stands on which side of a verb, which ``roles`` compares.
- ``align`` and ``pair``: a sentence of the claim beside one of the evidence. ``sources`` (who a report names),
  ``voices`` (who speaks in the evidence) and ``speakers`` (whether that is the claim's), on which ``attribution``
  stands; ``near``: whom a pronoun may mean; ``offices``: what persons are called.
"""

from __future__ import annotations

from qa.answer.support.judge import judge
from qa.answer.support.paraphrase import MISSING_SHARE, PARAPHRASED, RELATED, paraphrase
from qa.answer.support.verdict import Evidence, Failure, Reason, Verdict

__all__ = [
    "MISSING_SHARE",
    "PARAPHRASED",
    "RELATED",
    "Evidence",
    "Failure",
    "Reason",
    "Verdict",
    "judge",
    "paraphrase",
]
