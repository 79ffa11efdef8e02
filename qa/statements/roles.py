"""Reads job descriptions ("the new chief executive", "finance minister", "CEO") into a role that can be compared.

Equivalent titles share one canonical head. Which person holds a role is decided in ``people``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qa.statements.tokens import Token
from qa.statements.vocabulary import COUNTRIES, NATIONALITIES, words

_HEADS = words(
    "executive officer president chairman chairwoman chairperson chair minister premier secretary governor "
    "mayor senator congressman congresswoman ambassador envoy director manager analyst economist strategist "
    "professor lecturer lawyer attorney prosecutor solicitor barrister judge editor founder co-founder "
    "cofounder owner boss leader head chief coach captain actor actress singer musician composer conductor "
    "author writer novelist poet painter artist photographer filmmaker researcher scientist physicist chemist "
    "biologist historian psychologist epidemiologist virologist sociologist anthropologist doctor physician "
    "surgeon nurse engineer designer architect developer spokesman spokeswoman spokesperson commissioner "
    "chancellor king queen emperor pope bishop archbishop cardinal priest pastor candidate nominee striker "
    "goalkeeper midfielder defender lawmaker legislator deputy teacher headteacher principal farmer activist "
    "campaigner journalist reporter correspondent columnist adviser advisor aide consultant trader investor "
    "banker entrepreneur businessman businesswoman industrialist billionaire tycoon magnate politician "
    "diplomat general admiral colonel sheriff detective inspector superintendent superintendant constable "
    "treasurer auditor accountant comptroller regulator inventor ceo cfo coo cto cio pm vp mp mep student "
    "veteran widow fisherman baker chef driver pilot astronaut biographer critic negotiator mediator "
    "organiser organizer planner expert specialist meteorologist seismologist geologist congressperson "
    "councillor councilman councilwoman alderman representative congressmember rapper comedian presenter host "
    "broadcaster producer screenwriter playwright dancer champion runner swimmer cyclist player footballer "
    "quarterback pitcher winner laureate dictator strongman ruler monarch prince princess duke duchess "
    "curator librarian archaeologist ecologist botanist oceanographer climatologist glaciologist statistician "
    "mathematician philosopher trustee shareholder partner dean rector provost chaplain warden ranger "
    "harbourmaster harbormaster postmaster master headmaster headmistress stationmaster star speaker whip "
    "mogul financier heir heiress socialite moderator surrogate pollster operative"
)
_CANONICAL = {
    "ceo": "chief executive",
    "chief executive officer": "chief executive",
    "chief executive": "chief executive",
    "cfo": "chief financial officer",
    "finance chief": "chief financial officer",
    "finance director": "chief financial officer",
    "coo": "chief operating officer",
    "cto": "chief technology officer",
    "cio": "chief information officer",
    "premier": "prime minister",
    "pm": "prime minister",
    "vp": "vice president",
    "vice-president": "vice president",
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "co-founder": "founder",
    "cofounder": "founder",
    "congressman": "congressperson",
    "congresswoman": "congressperson",
    "advisor": "adviser",
    "actress": "actor",
    "attorney": "lawyer",
    "businesswoman": "businessman",
    "top executive": "chief executive",
    "top diplomat": "foreign minister",
}
_PHRASES = frozenset(
    tuple(phrase.split("_"))
    for phrase in words(
        "chief_executive_officer chief_executive chief_financial_officer chief_operating_officer "
        "chief_technology_officer chief_information_officer chief_marketing_officer chief_scientist "
        "chief_economist chief_strategist chief_analyst chief_negotiator chief_engineer chief_editor "
        "chief_prosecutor finance_chief finance_director top_executive top_diplomat prime_minister "
        "attorney_general vice_president managing_director executive_director general_manager managing_partner "
        "general_secretary secretary_general secretary_of_state secretary-general chief_of_staff chief_justice "
        "head_coach head_teacher running_mate police_chief fire_chief district_attorney press_secretary "
        "first_lady board_member executive_chairman executive_chair executive_vice_president "
        "senior_vice_president"
    )
)
_STARTS = frozenset(phrase[0] for phrase in _PHRASES)
_LONGEST = 3
_FEMALE = words("actress spokeswoman chairwoman congresswoman businesswoman queen princess duchess widow heiress")
_MALE = words("spokesman congressman businessman king prince duke fisherman emperor pope councilman")
_TIMES = words("new current incoming outgoing late retired then- newly-appointed longtime veteran embattled")
_PAST = words("former ex previous one-time onetime erstwhile")
_UNDER = words("vice deputy assistant associate acting interim")  # the holder of another post than the one named
_MODIFIERS = words(
    "deputy vice acting interim senior junior assistant associate foreign finance defence defense interior "
    "health education justice trade transport environment energy agriculture labour labor economy budget "
    "culture sports home housing treasury state presidential gubernatorial senate congressional lead chief "
    "general executive managing national regional local company group party union police army military navy "
    "bank central world club team press campaign government opposition political economic financial criminal "
    "human-resources hr sales marketing research investment editorial news fire school city county provincial "
    "federal supreme high prime co- longtime veteran famous prominent leading top star billionaire "
    "millionaire young old real estate technology science climate water fisheries harbour harbor hospital "
    "university faculty village town"
)
_GLUE = words("the a an his her its their our my this that")


class RoleName(NamedTuple):
    """A role: canonical ``head``, narrowing words, ``past`` for a former holder, the gender that the word tells."""

    head: str
    narrowing: frozenset[str]
    past: bool
    gender: str
    holders: frozenset[str]  # whose: the words of the company, country or people named beside it


class RolePhrase(NamedTuple):
    """Tokens ``[first, last)`` that describe one person; ``definite``: "the", a possessive, or nothing before it."""

    first: int
    last: int
    role: RoleName
    definite: bool


def head_at(tokens: Sequence[Token], place: int, limit: int) -> tuple[int, str]:
    """Length and canonical form of the longest role head that starts at ``place``; ``(0, "")`` for none."""
    low = tokens[place].low if place < limit else ""
    if low in _STARTS:
        for length in range(min(_LONGEST, limit - place), 1, -1):
            phrase = tuple(token.low for token in tokens[place : place + length])
            if phrase in _PHRASES:
                joined = " ".join(phrase)
                return length, _CANONICAL.get(joined, joined)
    if low in _HEADS:
        return 1, _CANONICAL.get(low, low)
    return 0, ""


def is_head(word: str) -> bool:
    """Whether the folded word alone names a role."""
    return word in _HEADS


def phrase_around(tokens: Sequence[Token], place: int, first: int, last: int, *, free: int = 0) -> RolePhrase | None:
    """The description whose head starts at ``place``, with the modifiers and the determiner before it.

    ``[first, last)`` is the sentence; tokens before ``free`` belong to something else.
    """
    length, head = head_at(tokens, place, last)
    if not length:
        return None
    start, narrowing, past, holders = place, set[str](), False, set[str]()
    while start > max(first, free) and place - start < 6:
        token = tokens[start - 1]
        low = token.low.removeprefix("ex-").removeprefix("then-")
        past = past or low in _PAST or token.low.startswith("ex-")
        if low in NATIONALITIES or low in COUNTRIES:
            holders.add(low)
        elif low in _MODIFIERS:
            narrowing.add(low)
        elif not (low in _TIMES or low in _PAST):
            break
        start -= 1
    holders |= _owners(tokens, start, first) | _named_after(tokens, place + length, last)
    before = tokens[start - 1].low if start > first else ""
    definite = before in _GLUE - {"a", "an"} or before == "'s" or tokens[place].text.isupper()
    if before in _GLUE and start > free:
        start -= 1
    word = tokens[place + length - 1].low
    gender = "f" if word in _FEMALE else "m" if word in _MALE else ""
    role = RoleName(head, frozenset(narrowing), past, gender, frozenset(holders))
    return RolePhrase(start, place + length, role, definite)


def _owners(tokens: Sequence[Token], start: int, first: int) -> set[str]:
    """The words of the name right before a description: "Alibaba's" or "Alibaba" in "Alibaba CEO"."""
    place = start - 1 if start > first and tokens[start - 1].low in ("'s", "'") else start
    owners: set[str] = set()
    while place > first and tokens[place - 1].capital and tokens[place - 1].low not in _GLUE:
        place -= 1
        owners.add(tokens[place].low)
    return owners


def _named_after(tokens: Sequence[Token], end: int, last: int) -> set[str]:
    """The words of the name in "chief executive of Alibaba", "spokesman for the Red Cross"."""
    if end + 1 >= last or tokens[end].low not in ("of", "at", "for"):
        return set()
    place = end + 2 if tokens[end + 1].low == "the" else end + 1
    owners: set[str] = set()
    while place < last and tokens[place].capital:
        owners.add(tokens[place].low)
        place += 1
    return owners


def fits(description: RoleName, held: RoleName) -> bool:
    """Whether a later description can mean the holder of ``held``: same head, nothing that contradicts."""
    if description.past != held.past or description.narrowing & _UNDER != held.narrowing & _UNDER:
        return False
    if description.head != held.head:
        wider, _, head = held.head.rpartition(" ")
        if head != description.head or wider.split(" ")[-1] in ("vice", "prime", "deputy"):
            return False
    if description.narrowing and held.narrowing and not description.narrowing & held.narrowing:
        return False
    return not description.holders or not held.holders or _same_holders(description.holders, held.holders)


def _same_holders(some: frozenset[str], others: frozenset[str]) -> bool:
    """Equal names, or a country and its people ("Ghana", "Ghanaian"), which share their first letters."""
    if some & others:
        return True
    lands = COUNTRIES | NATIONALITIES
    return any(one[:3] == other[:3] for one in some & lands for other in others & lands)
