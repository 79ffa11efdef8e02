"""The declarations: what each scripted system scores by each metric on the items that it touches.

What isn't listed must be exactly as the oracle's there; on items that a system doesn't touch, everything must.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from eval.results import Blame
from eval.selftest import formulas, rows
from eval.selftest.expected import (
    BUDGETED,
    FOUND,
    JOINT,
    RANKS,
    READ,
    SPANS,
    SUPPORT,
    Own,
    Row,
    Says,
    every,
)
from eval.selftest.ground import Facts

NOTHING, UNSCORED, WORSE, AS_ORACLE = Says.NOTHING, Says.UNSCORED, Says.WORSE, Says.AS_ORACLE

#: The blame for an item, None where nothing is known.
Blamed = Callable[[Facts], Blame | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A system's scores on touched items that have an answer, and on those that have none, with the stage blamed.

    ``failed``: the system failed on all of these, and every score is the worst. ``own_blame``: the blame is known on
    the shipped set alone.
    """

    answerable: Row = field(default_factory=dict)
    unanswerable: Row = field(default_factory=dict)
    blame: Blame | Blamed = Blame.NONE
    false: Blame = Blame.NONE
    failed: bool = False
    own_blame: bool = False


# --- blames that depend on the item -----------------------------------------------------------------------------------


def _unfound(facts: Facts) -> Blame:
    return Blame.ARTICLE_NOT_RETRIEVED if facts.relevant else Blame.OVER_REFUSED


def _off_topic(facts: Facts) -> Blame | None:
    """Where gold has no spans, an answer about something else may be right by chance, or all that gold asks for."""
    return _unfound(facts) if facts.proved or facts.ground.own else None


def _unproved(facts: Facts) -> Blame:
    return Blame.NOT_CITED if facts.proved else Blame.NONE


def _forbidden(facts: Facts) -> Blame:
    """A whole article says all that is right; of what is forbidden, only what gold says too is no fault."""
    articles = {span.article for span in facts.first}
    quotes = [span.quote for span in (*facts.spans, *facts.item.acceptable)]
    texts = [facts.corpus[name].text for name in articles]
    given = [one for one in facts.item.forbidden if any(one in text for text in texts)]
    return Blame.NONE if all(any(one in quote for quote in quotes) for one in given) else Blame.WRONG


# --- the table --------------------------------------------------------------------------------------------------------

#: The oracle is best at everything, with these exceptions.
ORACLE = Declared(
    answerable={
        "nugget_f3": formulas.f3,
        "recall_at_10": formulas.recall_at_10,
        **{name: formulas.complete_in(int(name.rpartition("_")[2])) for name in BUDGETED},
    },
    unanswerable=every(("right_when_answered", "citation_validity", "no_duplicate_citations", *SUPPORT), NOTHING),
)

TABLE: Mapping[str, Declared] = {
    "oracle": ORACLE,
    "null": Declared(answerable={**rows.SILENT, **rows.NOT_FOUND}, blame=_unfound),
    "always_answer": Declared(
        answerable={
            **every((*rows.RIGHT, *rows.WORDS, "forbidden_fact"), Own(0.0)),
            **rows.UNPROVED,
            **rows.NOT_FOUND,
            "token_f1": WORSE,
            "twin_abstains": 0.0,
        },
        unanswerable=rows.FALSE,
        blame=_off_topic,
        false=Blame.FALSE_ANSWER,
    ),
    "dump_everything": Declared(
        answerable={
            **every(rows.WORDS, Own(1.0)),
            **every(rows.RIGHT, Own(formulas.allowed)),
            "forbidden_fact": Own(formulas.forbidden),
            "current_first": Own(formulas.allowed),
            "speaker": Own(1.0),
            "nugget_f3": Own(formulas.f3),
            "exact_match": Own(0.0),
            "token_f1": WORSE,
            "joint_f1": WORSE,
            "joint_em": Own(0.0),
            "twin_abstains": 0.0,
            **rows.CHARS,
            **rows.SENTENCES,
            **rows.RANKED,
            **rows.IN_BUDGET,
        },
        unanswerable=rows.FALSE,
        blame=_forbidden,
        false=Blame.FALSE_ANSWER,
        own_blame=True,
    ),
    # What answers say.
    "stylist": Declared(answerable={"nugget_f3": formulas.f3}),
    "wordy": Declared(
        answerable={
            "exact_match": 0.0,
            "token_f1": formulas.one_more_word,
            "joint_f1": Own(formulas.one_more_word),
            "joint_em": 0.0,
        }
    ),
    "gluer": Declared(
        answerable={
            **every((*rows.RIGHT, *rows.WORDS), Own(0.0)),
            "joint_em": 0.0,
            **every(("token_f1", "joint_f1"), WORSE),
        },
        blame=Blame.WRONG,
        own_blame=True,
    ),
    "terse": Declared(
        answerable={
            **every(rows.RIGHT, Own(0.0)),
            "contains": Own(formulas.if_alone(lambda facts: len(facts.item.answers))),
            "values": Own(formulas.if_alone(lambda facts: len(facts.item.values))),
            "nugget_vital": Own(formulas.one_nugget),
            "nugget_f3": Own(formulas.f3),
            "list_f1": Own(formulas.one_part),
        },
        blame=Blame.WRONG,
        own_blame=True,
    ),
    "quoter": Declared(
        answerable={
            **every((*rows.RIGHT, *rows.TEXTS, "forbidden_fact"), Own(AS_ORACLE)),
            "nugget_f3": Own(formulas.f3),
        },
        own_blame=True,
    ),
    "outdated": Declared(
        answerable={
            **rows.MORE_SAID,
            **rows.WRONG,
            **every(("current_first", "exact_match", "joint_em"), 0.0),
            **every(("token_f1", "joint_f1"), WORSE),
            "forbidden_fact": 1.0,
        },
        blame=Blame.WRONG,
    ),
    "historian": Declared(answerable=rows.MORE_SAID),
    "wrong_speaker": Declared(answerable={"speaker": 0.0}),
    "calculator": Declared(
        answerable={
            **every(("contains", "exact_match", "joint_em"), Own(0.0)),
            **every(("token_f1", "joint_f1"), Own(WORSE)),
            **every((*rows.RIGHT, "current_first"), Own(AS_ORACLE)),
        },
        own_blame=True,
    ),
    "hearsay": Declared(answerable=rows.MORE_SAID),
    "namesake": Declared(answerable={**rows.MORE_SAID, "speaker": 0.0}),
    "misattributor": Declared(answerable={"nugget_f3": formulas.f3, "speaker": 0.0}),
    "bare": Declared(
        answerable={
            **every(("values", "list_f1", "right", "right_when_answered"), Own(AS_ORACLE)),
            "nugget_f3": Own(formulas.f3),
            **every((*SPANS, *SUPPORT, *JOINT, "grounded_accuracy", "citation_validity"), 0.0),
            "no_duplicate_citations": NOTHING,
            **every((*RANKS, *FOUND, READ), UNSCORED),
            "twin_abstains": NOTHING,
        },
        blame=_unproved,
    ),
    # What answers cite.
    "citation_shuffler": Declared(answerable=rows.UNPROVED, blame=Blame.NOT_CITED),
    "offset_by_one": Declared(answerable=rows.INVALID, blame=Blame.NOT_CITED),
    "offset_by_one_requoted": Declared(answerable={**rows.CHARS, **rows.SENTENCES, **rows.JOINTLY}),
    "quote_corruptor": Declared(answerable=rows.INVALID, blame=Blame.NOT_CITED),
    "article_swapper": Declared(answerable=rows.INVALID, blame=Blame.NOT_CITED),
    "slicer": Declared(
        answerable={**rows.INVALID, "no_duplicate_citations": Own(formulas.repeated_words)}, blame=Blame.NOT_CITED
    ),
    "halver": Declared(answerable={**rows.CHARS, **rows.SENTENCES, **rows.JOINTLY}),
    "brusher": Declared(
        answerable={**rows.UNPROVED, **rows.CHARS, **rows.SENTENCES, **rows.JOINTLY}, blame=Blame.NOT_CITED
    ),
    "claims_without_citations": Declared(
        answerable={**rows.INVALID, "no_duplicate_citations": NOTHING}, blame=Blame.NOT_CITED
    ),
    "inventor": Declared(
        answerable={
            **every(("citation_validity", "citation_precision"), formulas.one_more_citation),
            **every(("char_precision", "char_iou"), formulas.invented_precision),
            "char_f1": formulas.invented_f1,
            "supporting_fact_f1": formulas.invented_sentence_f1,
            "joint_f1": Own(formulas.invented_sentence_f1),
            **every(("supporting_fact_em", "joint_em"), 0.0),
        }
    ),
    "rambler": Declared(
        answerable={
            "citation_precision": formulas.one_more_citation,
            "no_duplicate_citations": Own(AS_ORACLE),
            **rows.CHARS,
            **rows.SENTENCES,
            **rows.JOINTLY,
        }
    ),
    "generous": Declared(answerable={"no_duplicate_citations": Own(formulas.repeated_words)}),
    # What is found and read.
    "late": Declared(answerable={**rows.RANKED, **rows.IN_BUDGET}),
    "beside": Declared(
        answerable={**rows.UNPROVED, **every((*FOUND, READ), 0.0), **rows.RANKED}, blame=Blame.EVIDENCE_NOT_RETRIEVED
    ),
    "partial_evidence": Declared(
        answerable={
            "grounded_accuracy": 0.0,
            **every(("evidence_complete", READ, *BUDGETED), 0.0),
            "evidence_recall": formulas.span_recall,
            **rows.CHARS,
            **rows.SENTENCES,
            **rows.RANKED,
            **rows.JOINTLY,
        },
        blame=Blame.EVIDENCE_NOT_RETRIEVED,
    ),
    "frugal": Declared(answerable=rows.RANKED),
    "dropper": Declared(answerable={**rows.SILENT, READ: 0.0}, blame=Blame.DROPPED),
    # Silence, confidence, failure.
    "mumbler": Declared(answerable=rows.SILENT, blame=Blame.OVER_REFUSED),
    "halves": Declared(
        answerable={**rows.SILENT, **rows.RANKED},
        unanswerable=rows.FALSE,
        blame=Blame.OVER_REFUSED,
        false=Blame.FALSE_ANSWER,
    ),
    "liar_confidence": Declared(
        answerable={**rows.SILENT, **rows.RANKED},
        unanswerable=rows.FALSE,
        blame=Blame.OVER_REFUSED,
        false=Blame.FALSE_ANSWER,
    ),
    "crasher": Declared(failed=True, blame=Blame.HARNESS, false=Blame.HARNESS),
    # Gold that isn't what it was.
    "quarantined": Declared(
        answerable=every((*SPANS, *SUPPORT, *JOINT, *RANKS, *FOUND, READ, "grounded_accuracy"), UNSCORED),
        blame=Blame.NOT_IN_CORPUS,
    ),
    "ungraded": Declared(),
}
