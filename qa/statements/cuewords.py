"""Closed classes of words that show where a report's source and content begin; used in ``cues`` and ``nouns``."""

from __future__ import annotations

from qa.statements.vocabulary import FUNCTION_WORDS, MONTHS_AND_DAYS, words

DETERMINERS = words("the a an this that these those my your his her its our their no any some every each another")
QUANTITIES = words("one two three many few several more less much most such own new first last next 's")
BREAKS = words(
    "that because if when while as although though whereas unless whether which so than but or since until "
    'where why how and for-example , ; : — – - ― ( ) [ ] “ ” " ‘ « » . ? ! … •'
)
MODALS = words(
    "will would could should may might must can cannot can't won't wouldn't couldn't to 'll 'd did does do "
    "didn't doesn't don't not"
)
BE = words("is are was were be been being am 's 're 'm isn't aren't wasn't weren't get got gets")
PRONOUNS = words("he she it they i we you who one")
PLURALS = words("people police men women children many some others few critics experts officials those both")
PLURAL_PRONOUNS = PRONOUNS - {"he", "she", "it"}
SMALL = DETERMINERS | FUNCTION_WORDS
OPEN_NOUN = DETERMINERS | PRONOUNS - {"who"}
PREPOSITIONS = words(
    "of in on at by for from to with about into against over under after before during through between among"
)
BEFORE_NOUNS = PREPOSITIONS | DETERMINERS
LONGEST_NOUN = 25  # tokens
CERTAIN = words("say tell add write explain argue insist acknowledge announce declare contend")
HELPERS = (
    BE - {"'s", "got", "get", "gets", "being", "been"}
    | MODALS - {"to", "'d", "not", "do"}
    | words("has have had hasn't haven't hadn't")
)
TO_SOMEONE = words("tell assure inform notify remind advise")
TOGETHER = {
    "call": ("for", "on"),
    "point": ("out", "to"),
    "speak": ("of", "about"),
    "talk": ("about", "of"),
    "refer": ("to",),
}
SILENT = words("say tell comment disclose reveal discuss elaborate answer respond reply")
UNTOLD = words("who whom whose what which when where why how whether if much more anything , ; : . ? !")
REFUSING = words("decline declined declines declining refuse refused refuses refusing yet reluctant unwilling unable")
NOT_SOURCES = words(
    "plan plans schedule law rules size type taste need needs instructions procedure protocol custom "
    "tradition ability which how what"
)
POST = (
    words('. , ; : ? ! ) — – - ― in on at during to after before as when while by from via last this ” "')
    | MONTHS_AND_DAYS
)
NO_CONTENT = words("and or but so than , ; : — – - ― ( ) [ ] ” . ? ! …")
SUBJECTLESS = words("and but or then")
BEFORE_PARTICIPLE = words(', by ― — – as ” "')
AFTER_INVERTED = words(". , ; who in on at") | {""}
CLOSING = words("” \" » '' ’ '")
