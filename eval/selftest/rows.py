"""Rows of the table that several systems share: what an answer scores that nothing proves, or none at all."""

from __future__ import annotations

from eval.selftest import formulas
from eval.selftest.expected import BUDGETED, DENSITY, FOUND, JOINT, RANKS, READ, SPANS, SUPPORT, Own, Says, every

TEXTS = ("contains", "values", "nugget_vital", "nugget_f3", "list_f1", "current_first")
WORDS = (*TEXTS, "exact_match", "token_f1")
RIGHT = ("right", "right_when_answered", "grounded_accuracy")
WRONG = every(RIGHT, 0.0)
CITED = (*SPANS, *SUPPORT, *JOINT, "grounded_accuracy", "speaker")

#: An answer that nothing proves.
UNPROVED = every(CITED, 0.0)
INVALID = {**UNPROVED, "citation_validity": 0.0}
#: No answer where there is one.
SILENT = {
    **WRONG,
    **every(WORDS, 0.0),
    **UNPROVED,
    **every(("right_when_answered", "citation_validity", "no_duplicate_citations", "twin_abstains"), Says.NOTHING),
    "over_refusal": 1.0,
}
NOT_FOUND = every((*RANKS, *FOUND, READ), 0.0)
#: An answer, with a valid citation, where there is none.
FALSE = {
    **WRONG,
    **every((*SUPPORT, "exact_match", "token_f1"), 0.0),
    **every(("false_answer", "citation_validity", "no_duplicate_citations"), 1.0),
}
#: Further claims, without citations.
MORE_SAID = {
    "nugget_f3": formulas.f3,
    "list_f1": formulas.cited_members,
    "citation_recall": formulas.cited_share,
}
CHARS = {
    "char_precision": formulas.precision,
    "char_recall": formulas.recall,
    "char_f1": formulas.char_f1,
    "char_iou": formulas.iou,
}
SENTENCES = {"supporting_fact_f1": formulas.sentence_f1, "supporting_fact_em": formulas.sentence_em}
#: With the right short answer these are the same; on other sets that may be a "yes", which counts otherwise.
JOINTLY = {"joint_f1": Own(formulas.sentence_f1), "joint_em": Own(formulas.sentence_em)}
RANKED = dict(zip(RANKS, (formulas.ndcg, formulas.recall_at_10, formulas.rr, formulas.success), strict=True))
IN_BUDGET = {
    **{name: formulas.density(int(name.rpartition("_")[2])) for name in DENSITY},
    **{name: formulas.complete_in(int(name.rpartition("_")[2])) for name in BUDGETED},
}
