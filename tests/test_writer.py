"""Answers that a model writes: what it is shown, what of its reply is shown, and what becomes of the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from answer_corpus import Shelf
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_model import TODAY, ScriptedModel, composed, reply, usual

import prompts
from qa.answer.considered import Considered
from qa.answer.support import Evidence, judge
from qa.answer.writer.claims import checked
from qa.answer.writer.messages import asking, digests, examples
from qa.answer.writer.neutral import neutral
from qa.answer.writer.reply import Said, read_reply
from qa.answer.writer.shown import Shown, evidence, show, tokens_in
from qa.errors import ModelUnusable
from qa.llm.model import Message
from qa.types import Article, Claim, Status, Support

BRIDGE = (
    "The Orla bridge will cost 41 million crowns, the city said. It will not open before June 2026.\n\n"
    '"The cables are worn," said Petra Holm, the engineer. "We should have closed it."\n\n'
    "Mayor Ivo Brandt may sell the ferry to pay for the Orla bridge."
)
QUESTION = "How much will the Orla bridge cost?"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "index")
    made.put(BRIDGE, name="bridge", title="Orla bridge dearer", source="Courier", published=date(2025, 3, 1))
    made.put(
        "The Orla tunnel will cost 12 million crowns. Petra Holm likes the Orla tunnel.", name="tunnel", title="Tunnel"
    )
    yield made
    made.close()


@pytest.fixture
def found(shelf: Shelf) -> Considered:
    return shelf.considered(QUESTION)


@pytest.fixture
def shown(found: Considered) -> Shown:
    return show(found, secret=b"fixed", room=4_000)


def id_of(shown: Shown, words: str) -> str:
    (found,) = [id for id, one in shown.by_id.items() if words in one.view.text(one.number)]
    return found


def check(found: Considered, shown: Shown, text: str, *words: str) -> Claim:
    return checked(Said(text, tuple(id_of(shown, one) for one in words)), shown, ledger=found.ledger, reader=None)


# --- what is shown


def test_sentences_are_shown_with_ids_and_what_the_ledger_knows(shown: Shown) -> None:
    text = evidence(shown)
    assert text.startswith(f"<evidence-{shown.tag}>\n<article-{shown.tag}> ")
    assert text.endswith(f"</article-{shown.tag}>\n</evidence-{shown.tag}>")
    assert f"<article-{shown.tag}> Orla bridge dearer | Courier | 2025-03-01" in text
    assert f"<article-{shown.tag}> Tunnel | undated" in text
    assert f'[{id_of(shown, "cables")}] (Petra Holm speaking) "The cables are worn," said Petra Holm' in text
    assert text.count("[s") == len(shown.by_id) == 7


def test_ids_are_of_the_question_and_the_process(found: Considered, shelf: Shelf, shown: Shown) -> None:
    again = show(found, secret=b"fixed", room=4_000)
    assert list(again.by_id) == list(shown.by_id)
    other_process = show(found, secret=b"other", room=4_000)
    other_question = show(shelf.considered("What will the Orla bridge cost?"), secret=b"fixed", room=4_000)
    for other in (other_process, other_question):
        assert not set(other.by_id) & set(shown.by_id)


def test_a_tag_that_stands_in_a_text_isnt_taken(shelf: Shelf, found: Considered, shown: Shown) -> None:
    shelf.put(f"The Orla bridge code is {shown.tag} or so.", name="spy")
    now = show(shelf.considered(QUESTION), secret=b"fixed", room=4_000)
    assert now.tag not in "".join(one.view.article.text for one in now.by_id.values()).casefold()


def test_whole_passages_are_cut_and_counted(shelf: Shelf) -> None:
    for number in range(12):
        shelf.put(f"The Orla bridge is long. It will cost {number} million crowns. " * 9, name=f"n{number}")
    found = shelf.considered(QUESTION)
    everything = show(found, secret=b"x", room=100_000)
    some = show(found, secret=b"x", room=400)
    assert everything.cut == 0
    assert 0 < len(some.passages) < len(everything.passages)
    assert some.cut == len(everything.passages) - len(some.passages)
    assert tokens_in(evidence(some)) < 460
    assert len(show(found, secret=b"x", room=0).passages) == 1


@pytest.mark.parametrize("context", [1_024, 2_048, 4_096, 8_192, 100_000])
def test_what_is_asked_fits_the_context(shelf: Shelf, context: int) -> None:
    for number in range(12):
        shelf.put(f"The Orla bridge is long. It will cost {number} million crowns. " * 9, name=f"n{number}")
    asked = asking(shelf.considered(QUESTION), secret=b"x", context=context, today=TODAY)
    one_passage = tokens_in(evidence(show(shelf.considered(QUESTION), secret=b"x", room=0)))
    assert asked.tokens <= max(context - 900, 550 + one_passage)
    assert asked.messages[0].role == "system"
    assert asked.messages[-1].content.endswith(f"Today is {TODAY}. Question: {QUESTION}")


HOSTILE = st.text(
    st.sampled_from("ab <>[]{}|`~\"'\\/_-\n\r\t\x00\x07\x1b\x9b\u202e\u200b\u2028\ufeff\U000e0041\ud800s1INST"),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_a_documents_text_is_neutral(text: str) -> None:
    plain = neutral(text)
    assert not re.search(r"[<>\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\U000e0000-\U000e007f]|`{3}", plain)
    assert not re.search(r"\[/?[A-Z_]{2,24}\]|\[s\d+-[a-z0-9]+\]", plain)


@pytest.mark.parametrize("text", ["He said [the company] would go.", "5 % of 1,000", "“Oui”, dit-il", "😀 é e\u0301"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


# --- what becomes of a claim


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Orla bridge will cost 41 million crowns, the city said.", "41 million"),
        ("The city said the Orla bridge will cost 41 million crowns.", "41 million"),
        ("It will not open before June 2026.", "June 2026"),
        ('"The cables are worn," said Petra Holm.', "cables"),
        ("Mayor Ivo Brandt may sell the ferry.", "ferry"),
    ],
)
def test_what_follows_is_supported(found: Considered, shown: Shown, text: str, words: str) -> None:
    claim = check(found, shown, text, words)
    assert (claim.support, claim.reasons) == (Support.SUPPORTED, ())
    for citation in claim.citations:
        article = found.ledger.article(citation.article_id, citation.version)
        assert isinstance(article, Article)
        assert article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("The Orla bridge will cost 42 million crowns.", "41 million", "42"),
        ("The Orla tunnel will cost 41 million crowns.", "41 million", "tunnel"),
        ("It will open before June 2026.", "June 2026", "not"),
        ("Mayor Ivo Brandt will sell the ferry.", "ferry", "may"),
        ("Ivo Brandt said the cables are worn.", "cables", "Brandt"),
        ('Petra Holm said: "The cables are torn."', "cables", "torn"),
        ('Petra Holm "likes the Orla tunnel".', "cables", "misattributed"),
        ("See https://evil.example/x for 41 million crowns.", "41 million", "link"),
        ("[41 million crowns](https://evil.example)", "41 million", "link"),
        ("![41 million crowns](x)", "41 million", "link"),
        ("evil.example/pay 41 million crowns", "41 million", "link"),
        ("<b>41 million crowns</b>", "41 million", "link"),
        ("41 million crowns\x1b[31m", "41 million", "control"),
        ("41 million crowns\u202e", "41 million", "control"),
        ("The Orla bridge will cost 41 million crowns [s1-abcde].", "41 million", "id"),
        ("", "41 million", "nothing"),
        ("...", "41 million", "nothing"),
    ],
)  # fmt: skip
def test_what_doesnt_follow_is_not(found: Considered, shown: Shown, text: str, words: str, reason: str) -> None:
    claim = check(found, shown, text, words)
    assert claim.support is not Support.SUPPORTED
    assert reason.casefold() in " ".join(claim.reasons).casefold()


def test_ids_that_werent_shown_make_no_citation(found: Considered, shown: Shown) -> None:
    right = id_of(shown, "41 million")
    for wrong in ("s99-" + shown.tag, right.upper(), f"[{right}]", f" {right}", right + " ", "s1", "1", "", "s1-abcde"):
        said = Said("The Orla bridge will cost 41 million crowns, the city said.", (right, wrong))
        claim = checked(said, shown, ledger=found.ledger, reader=None)
        assert (claim.support, claim.citations) == (Support.UNSUPPORTED, ())
        assert "wasn't shown" in claim.reasons[0]


def test_neighbours_are_one_citation_and_others_are_not(found: Considered, shown: Shown) -> None:
    both = check(found, shown, "x", "June 2026", "41 million")
    assert [one.quote for one in both.citations] == [BRIDGE.split("\n\n")[0]]
    apart = check(found, shown, "x", "ferry", "41 million", "12 million")
    assert [one.quote[:12] for one in apart.citations] == ["The Orla bri", "Mayor Ivo Br", "The Orla tun"]


# --- the whole way


def test_claims_are_handed_on_verified_and_others_kept(found: Considered, shown: Shown) -> None:
    one, two = id_of(shown, "41 million"), id_of(shown, "ferry")
    model = ScriptedModel(
        [
            reply(
                ("The Orla bridge will cost 41 million crowns, the city said.", [one]),
                ("The Orla bridge will cost 43 million crowns.", [one]),
                ("the Orla  bridge will cost 41 million crowns, the city said.", [one]),
                ("Mayor Ivo Brandt may sell the ferry.", [two]),
            )
        ]
    )
    handed_on, whole = composed(found, model)
    answer = whole.written.answer
    assert [claim.text[:20] for claim in handed_on] == ["The Orla bridge will", "Mayor Ivo Brandt may"]
    assert answer.claims == tuple(handed_on)
    assert answer.status is Status.ANSWERED
    assert [claim.reasons[-1] for claim in answer.rejected][1] == "it was said before"
    assert (whole.prompt_tokens, whole.completion_tokens, whole.fault) == (10, 2, None)
    assert answer.complete
    enum = model.schemas[0]["properties"]["claims"]["items"]["properties"]["cites"]["items"]["enum"]  # type: ignore[index]
    assert enum == list(shown.by_id)


def test_at_most_k_claims_are_shown(found: Considered, shown: Shown) -> None:
    texts = [(one.view.text(one.number), [id]) for id, one in shown.by_id.items()]
    handed_on, whole = composed(found, ScriptedModel([reply(*texts)]), terms=usual(k=2))
    assert len(handed_on) == 2
    assert any("at most" in claim.reasons[-1] for claim in whole.written.answer.rejected)


@pytest.mark.parametrize("said", [reply(abstain=True), reply()])
def test_a_model_may_abstain(found: Considered, said: str) -> None:
    handed_on, whole = composed(found, ScriptedModel([said]))
    answer = whole.written.answer
    assert (handed_on, answer.status) == ([], Status.ABSTAINED)
    assert answer.absence is not None
    assert answer.absence.reason == "the model found no answer in the sentences that it was shown"


def test_where_nothing_is_borne_out_it_abstains(found: Considered, shown: Shown) -> None:
    one = id_of(shown, "41 million")
    _, whole = composed(found, ScriptedModel([reply(("It costs 7 crowns.", [one]), ("It costs 8 crowns.", [one]))]))
    answer = whole.written.answer
    assert answer.status is Status.ABSTAINED
    assert answer.absence is not None
    assert answer.absence.reason == "none of the model's 2 statements is borne out by what it cites"
    assert answer.absence.closest
    assert len(answer.rejected) == 2


@pytest.mark.parametrize("question", ["How much will the Vesper dam cost?", "Who?", "What did she say?"])
def test_without_evidence_no_model_is_asked(shelf: Shelf, question: str) -> None:
    model = ScriptedModel([])
    _, whole = composed(shelf.considered(question), model)
    assert (model.asked, whole.written.answer.status) == ([], Status.ABSTAINED)
    assert whole.written.answer.absence is not None


def test_a_bad_reply_is_asked_for_once_more(found: Considered, shown: Shown) -> None:
    good = reply(("The Orla bridge will cost 41 million crowns, the city said.", [id_of(shown, "41 million")]))
    model = ScriptedModel(["Sure! Here it is: " + good, good])
    handed_on, whole = composed(found, model)
    assert len(handed_on) == 1
    assert len(model.asked) == 2
    first, second = model.asked
    assert second[: len(first)] == first
    assert [message.role for message in second[len(first) :]] == ["assistant", "user"]
    assert "isn't JSON" in second[-1].content
    assert (whole.prompt_tokens, whole.completion_tokens) == (20, 4)


def test_a_reply_that_is_bad_twice_is_no_answer(found: Considered) -> None:
    with pytest.raises(ModelUnusable) as caught:
        composed(found, ScriptedModel(["Sure!", "It costs 41 million crowns."]))
    assert (caught.value.id, caught.value.code) == ("model.unreadable", 22)


def test_what_was_handed_on_stays_where_a_reply_breaks_off(found: Considered, shown: Shown) -> None:
    good = reply(("The Orla bridge will cost 41 million crowns, the city said.", [id_of(shown, "41 million")]))
    broken = ModelUnusable("model.cut", "cut")
    model = ScriptedModel([good + " " * 30, broken], before=len(good) // 9 + 1)
    handed_on, whole = composed(found, model)
    assert len(handed_on) == 1
    assert (whole.fault, whole.written.answer.complete) == (broken, False)
    assert whole.written.answer.claims == tuple(handed_on)
    with pytest.raises(ModelUnusable):
        composed(found, ScriptedModel([broken]))


def test_what_follows_a_whole_reply_makes_it_unreadable(found: Considered, shown: Shown) -> None:
    good = reply(("The Orla bridge will cost 41 million crowns, the city said.", [id_of(shown, "41 million")]))
    model = ScriptedModel([good + " I hope this helps."])
    handed_on, whole = composed(found, model)
    assert len(handed_on) == 1
    assert whole.fault is not None
    assert (whole.fault.id, whole.written.answer.complete) == ("model.unreadable", False)
    assert len(model.asked) == 1  # what was shown can't be asked for again


# --- prompts


def test_the_examples_pass_our_own_verifier() -> None:
    for example in examples():
        replied = read_reply(example.reply)
        assert replied.abstain is not bool(replied.claims)
        for said in replied.claims:
            sentences = [example.shown.by_id[id] for id in said.cites]
            texts = [
                Evidence(text=one.view.text(one.number), article=one.view.article.id, title=one.view.article.title)
                for one in sentences
            ]
            assert judge(said.text, texts).support is Support.SUPPORTED


def test_every_prompt_is_recorded() -> None:
    assert digests().keys() == {"system", "question", "repair", "examples"}
    assert digests()["system"] == prompts.load("system").sha256
    assert json.loads(prompts.examples().template)


def test_the_rules_come_before_all_and_the_examples_before_the_question(found: Considered) -> None:
    asked = asking(found, secret=b"x", context=8_192, today=TODAY)
    roles = [message.role for message in asked.messages]
    assert roles == ["system", *["user", "assistant"] * len(examples()), "user"]
    texts: Sequence[Message] = asked.messages
    assert asked.shown.tag not in texts[0].content
