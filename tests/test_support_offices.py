"""Nobody is given an office that the article gives to somebody else."""

from __future__ import annotations

import pytest

from qa.answer.support import Evidence, Failure, judge
from qa.types import Support

EVIDENCE = Evidence(
    text="Anna Petrov voted for the bridge on Monday. Kalle Berg, the mayor, was against the bridge.",
    people=("Anna Petrov", "Kalle Berg"),
    everybody=frozenset({"Anna Petrov", "Kalle Berg", "Ewa Lind"}),
    offices=(("Kalle Berg", frozenset({"mayor"})), ("Ewa Lind", frozenset({"minister", "head"}))),
)


def failures(claim: str) -> set[Failure]:
    return {reason.failure for reason in judge(claim, [EVIDENCE]).reasons}


@pytest.mark.parametrize(
    "claim",
    [
        "Mayor Anna Petrov voted for the bridge on Monday.",
        "Anna Petrov, the mayor, voted for the bridge on Monday.",
        "Anna Petrov, the new minister, voted for the bridge on Monday.",
    ],
)
def test_anothers_office(claim: str) -> None:
    assert Failure.SPEAKER in failures(claim)
    assert judge(claim, [EVIDENCE]).support is Support.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "Mayor Kalle Berg was against the bridge.",
        "Mayor Berg was against the bridge.",
        "Kalle Berg, the mayor, was against the bridge.",
        "Anna Petrov voted for the bridge on Monday; Mayor Berg was against the bridge.",
        "Unlike Anna Petrov, mayor Kalle Berg was against the bridge.",
        "Anna Petrov, head of the council, voted for the bridge on Monday.",  # many are; coverage says what isn't there
    ],
)
def test_their_own_office_or_nobodys(claim: str) -> None:
    assert Failure.SPEAKER not in failures(claim)
