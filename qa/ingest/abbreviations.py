"""Which full stops belong to a word: abbreviations, initials, and the words after them that show a new sentence.

Only word knowledge lives here; where a text is cut is decided in ``qa.ingest.sentences``. English, because that is
what the default models read; in other languages only the general rules (single letters, words without vowels)
help.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Always followed by what they belong to: a name, a number, the other party.
BINDING = _words(
    """
    Mr Mrs Ms Mx Dr Drs Prof Profs Messrs Mme Mlle Gen Lt Col Maj Capt Cpt Cmdr Cdr Adm Sgt Cpl Pvt Brig Sen Sens
    Rep Reps Gov Govs Pres Rev Fr Hon Supt Insp Det Amb Atty Asst Assoc Sec Treas Dept St Ste Mt Ft Pt vs e.g i.e cf
    viz ca approx Lt.Gen Herr Dra Sra Srta
    """
)

# Bind to a number that follows ("No. 7", "pp. 3"), otherwise end a sentence like any word.
BEFORE_NUMBER = _words(
    """
    No Nos no nos Fig Figs fig figs p pp P pg Vol vol Vols Ch ch Chap chap Sec sec Art art Eq eq Ref ref Par par Ex
    Exh Op op Bk Ver ver v V Nr nr Tel tel Ext ext Rm Apt Flt Hwy Rte est Est c b d r Gal
    """
)

MONTHS = _words("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")

# Units end a sentence like any word, and bind to a number ("5 ft. 3 in.").
UNITS = _words("lb lbs oz ft sq mph mi yd yds ml cl dl cm mm km kg mg hr hrs sec secs min mins gal m g l")

# May stand inside a sentence or end it: the next word decides.
OPEN_ENDED = _words(
    """
    Inc Corp Ltd Co Cos Bros LLC Plc plc Jr Sr Esq etc al Ave Blvd Rd Sq Bldg Dist Div Univ Inst Intl Natl Mfg Gmbh
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa
    Penn Tenn Tex Vt Va Wash Wis Wyo Ont Que Alta Ph.D Ph M.D B.A M.A B.Sc M.Sc U.S U.K U.N E.U D.C N.Y L.A S.C N.C
    incl excl max min avg cont ed eds trans rev repr Eng Ger Lat Gk
    """
)

CLOCK = _words("a.m p.m A.M P.M")

# What follows "5 p.m." inside a sentence.
AFTER_CLOCK = _words(
    """
    ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST IST JST Eastern Central Pacific Mountain Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun January February March
    April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
    """
)

# Words that, capitalised, hardly ever continue a name: after an abbreviation they begin a sentence.
STARTERS = _words(
    """
    A An The This That These Those There Here He She It They We You I His Her Its Their Our My Your But And Or Nor
    So Yet If When While After Before Although Though Because Since As At In On For From By With Without To Of Into
    Through Between Against However Meanwhile Moreover Furthermore Also Then Now Not No Yes What Who Whom Whose Why
    How Where Which Some Many Most Several All Both Each Every Other Others Another According Among Under Until
    During Despite Even Once Only Still Just Instead Later Earlier Today Yesterday Last Such More Less Few Nearly
    About Over Is Are Was Were Do Does Did Has Have Had Can Could Will Would Should May Might Must It's He's She's
    That's There's They're We're I'm You're Let Like One Two Three Asked Perhaps Maybe Additionally Finally First
    Second Third Nevertheless Nonetheless Therefore Thus Unlike Whether Within Any Anyone Everyone Everything
    Nothing Nobody Part Hence Besides Beyond Beneath Along Around Across Following Prior Often Sometimes Usually
    Critics Analysts Officials Shares Investors Experts Police Authorities Supporters Opponents Researchers
    """
)

# Of ``BINDING``, those that may end a sentence too: "St. Louis", but "on Main St. The police ...".
ALSO_ENDING = _words("St Dr Ft Mt Sec Gen Pt Dept Rep Assoc approx")

# Names that end with a mark of their own.
MARKED_NAMES = _words("Yahoo Jeopardy Yum")

# Verbs that say who spoke, as alternatives of a regular expression.
SPEECH = "|".join(
    sorted(
        _words(
            """
            said says asked asks added adds replied replies wrote writes told tells tweeted tweets shouted cried
            exclaimed wondered answered continued explained noted insisted joked quipped declared demanded inquired
            remarked responded recalled muttered whispered yelled posted concluded argued warned urged began agreed
            chanted commented observed thought
            """
        )
    )
)


def binds_number(token: str) -> bool:
    """Whether ``token`` and its full stop belong to a number that follows."""
    return any(token in known for known in (BEFORE_NUMBER, MONTHS, BINDING, OPEN_ENDED, UNITS)) or _is_acronym(token)


def binds_word(token: str, following: str, *, initial: bool = False, named: bool = False) -> bool:
    """Whether ``token`` and its full stop belong to ``following``, a capitalised word.

    ``initial``: that word is a letter with a full stop; ``named``: a capitalised word stands before ``token``.
    """
    starts = following in STARTERS and not initial
    if token in UNITS:
        return False
    if token in BINDING:
        return not (starts and token in ALSO_ENDING)
    if token in CLOCK:
        return following in AFTER_CLOCK
    if len(token) == 1:
        return _letter_binds(token, starts=starts, initial=initial, named=named)
    if token in OPEN_ENDED or _is_acronym(token) or _has_no_vowel(token):
        return not starts
    return False


def _letter_binds(token: str, *, starts: bool, initial: bool, named: bool) -> bool:
    # "World War I. Germany" ends, "the singer I. Marlow" doesn't.
    if token == "I" and named:
        return initial
    return token.isalpha() and not starts


def _is_acronym(token: str) -> bool:
    """``U.S``, ``Ph.D``, ``e.g``: stops inside, short parts of letters only."""
    return "." in token and len(token) <= 9 and all(len(part) <= 2 and part.isalpha() for part in token.split("."))


def _has_no_vowel(token: str) -> bool:
    """``Sgt``, ``Bldg``: unknown abbreviations. All capitals (``NBC``) end a sentence like any name."""
    if len(token) > 5 or not token.isascii() or not token.isalpha() or token.isupper():
        return False
    return not any(letter in "aeiouyAEIOUY" for letter in token)
