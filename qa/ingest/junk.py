"""What news pages leave in a text: the shapes of lines that are no prose. Patterns only; context is
``qa.ingest.roles``'s.

Every pattern describes a whole line from its first to its last character, so that prose which merely begins or
ends like one stays. Repetitions are bounded or possessive, and lines longer than ``LONGEST_LINE`` are never looked
at: time stays linear.
"""

from __future__ import annotations

import re

LONGEST_LINE = 400

_NETWORK = (
    r"(?:facebook|twitter|x|instagram|linkedin|youtube|pinterest|whatsapp|telegram|tiktok|reddit|"
    r"google ?(?:\+|plus|news|play)|"
    r"flipboard|snapchat|tumblr|messenger|threads|mastodon|bluesky|spotify|apple (?:news|podcasts)|rss|"
    r"soundcloud|line|weibo|"
    r"wechat|vk)"
)
_ARTICLE = (
    r"(?:articles?|story|stories|pages?|posts?|entry|videos?|news|coverage|topics?|content|links?|photos?|reading)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?"
_DATE_TAIL = r"(?:[\d :,./|()-]|(?-i:[A-Z])\w*+|(?-i:am|pm|at|by|on|hours?|minutes?|ago|ist|gmt|est|edt|utc))*+"
_NAME = r"(?-i:[A-Z])[\w'’.-]*+"
_NAMES = rf"{_NAME}(?:,? (?:and |in |& |for |of |the |de |van |von )?{_NAME}){{0,9}}"

_SHARING = (
    rf"(?:please )?(?:like|follow|find|join|visit|friend|connect with|check out|add) (?:us|me|@\w+|"
    rf"[\w'’.&-]+(?: [\w'’.&-]+)?) "
    rf"(?:on|at|via) (?:our )?{_NETWORK}(?:[ ,&/|+]+(?:and|or|on|for|more|news|updates|here|page|"
    rf"{_NETWORK}|@\w+))*+(?: ?\(?@\w+\)?)?",
    r"follow (?:us|me|him|her|them)?:? ?@\w+",
    rf"(?:share|tweet|e-?mail|print|pin|like|save|recommend)(?: this| it| the)?(?: {_ARTICLE})?"
    rf"(?: (?:on|via|with|to|by|using):? ?(?:{_NETWORK}|e-?mail|friends|others)?)?(?: about sharing)?",
)
_OTHER_ARTICLES = (
    r"(?:(?:read|see|watch|listen|view)(?: (?:more|also|next|this|on this|now|too|here))++|also read|"
    r"related|watch|more|must read|"
    r"recommended|don['’]t miss|you (?:may|might) (?:also )?like|editor['’]?s['’]? picks?)"
    rf"(?: {_ARTICLE})?\s?[:>»|–]\s*(?-i:[^a-z\s]).{{0,200}}",
    rf"(?:read|see|watch|listen to|view|show|load) (?:more|also|next|all|the full {_ARTICLE}|full {_ARTICLE}|comments)"
    rf"(?: (?:here|below|comments|now|{_ARTICLE}))?",
    r"(?:related|more|recommended|popular|trending|latest|top|most (?:read|popular|viewed|shared|recent)|"
    r"featured|recent|similar)"
    rf"(?: (?:{_ARTICLE}|now|today|on this|from us|in this section|comments)){{0,3}}",
    r"what to read next|you (?:may|might) (?:also )?(?:like|be interested in)(?:\.\.|…)?|"
    r"continue reading(?: below)?|around the web|"
    r"more on this story",
)
_SELLING = (
    r"advertise?ments?(?: ?[-–—] ?(?:continue|scroll|story)[\w ]{0,50})?",
    rf"{_ARTICLE} continues (?:below|after)(?: (?:the )?(?:advertisement|ad|this|video|promotion))?",
    r"(?:scroll|swipe) (?:down |up )?(?:to|for) (?:continue|more|read)[\w ]{0,40}",
    rf"(?:sponsored|promoted|paid) (?:{_ARTICLE}|by [\w .'-]{{1,40}})|sponsored|promoted",
    r"(?:please )?(?:sign up|subscribe|register)\b.{0,140}\b(?:newsletters?|e-?mails?|alerts?|inbox|"
    r"channel|podcast|here)\b.{0,60}",
    r"(?:get|receive|want) .{0,80}\b(?:delivered|sent|straight|direct(?:ly)?)\b.{0,40}\binbox\b.{0,60}",
    r"(?:sign up|subscribe|subscribe now|sign in|log ?in|log ?out|register|join now|donate|my account|"
    r"create (?:an )?account)",
    r"enter your e-?mail(?: address)?.{0,100}|thank you for (?:subscribing|signing up).{0,60}|"
    r"you have successfully subscribed.{0,60}",
    r"(?:click|tap|press) (?:here|on the (?:link|image|photo|icon)|the (?:link|button))\b.{0,120}",
)
_FURNITURE = (
    r"skip to (?:main )?content|back to (?:top|home)|menu|search|home|close|loading(?:\.\.|…)?|next|"
    r"previous|(?:next|previous) article",
    r"(?:\d+ )?comments?(?: \(?\d+\)?)?|(?:leave|post|add) (?:a|your) comment|join the (?:conversation|discussion)",
    r"view (?:all )?comments|toggle \w+|show (?:more|less)|play video|watch video|video|photos?|"
    r"(?:view )?gallery|slideshow",
    r"terms (?:of (?:use|service)|and conditions|& conditions)|privacy(?: policy)?|cookie (?:policy|"
    r"settings)|contact(?: us)?|about us",
    r"(?:image |photo |slide )?\d+ of \d+|enlarge(?: this)? image|(?:hide|toggle) caption|\d+ min(?:ute)?s? read",
    r"(?:tags|filed under|categories|posted in|tagged)(?: (?:with|in))? ?:.{0,200}",
)
_NOTICES = (
    r"(?:©|\(c\) ?(?:19|20)\d\d|copyright\b ?(?:©|\(c\)|(?:19|20)\d\d)).{0,250}",
    r".{0,150}\ball rights reserved",
    r"this (?:material|article|story|content|report) (?:may not be|is not to be|cannot be) "
    r"(?:published|reproduced|copied|broadcast|rewritten).{0,160}",
    r"(?:we|this (?:web)?site|our (?:web)?site|our partners) uses? cookies\b.{0,60}"
    r"\b(?:site|experience|consent|content|browser|agree|traffic|polic).{0,250}",
    r"by (?:continuing|using|clicking|closing)\b.{0,80}\byou\b.{0,80}(?:cookies|terms of (?:use|service)|"
    r"privacy policy).{0,120}",
)
_MAKERS = (
    r"\(?(?:reporting|additional reporting|writing|editing|compiled) by [^.;]{2,120};.{0,160}",
    rf"\(?(?:reporting|additional reporting|editing|compiled) by {_NAMES}\)?",
    rf"(?:first |originally |last )?(?:published|posted|updated|modified)(?: (?:on|at))?:? ?(?:{_DAY},? )?"
    rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}|\d{{1,2}}[:./-]\d|(?:\d+|an|"
    rf"a) [a-z]{{3,7}} ago){_DATE_TAIL}",
)

_JUNK = re.compile(
    "|".join(f"(?:{shape})" for shape in (*_SHARING, *_OTHER_ARTICLES, *_SELLING, *_FURNITURE, *_NOTICES, *_MAKERS)),
    re.IGNORECASE,
)
_SHARE_WORD = re.compile(
    rf"(?:{_NETWORK}|shared?|shares|tweets?|e-?mail|print|pin|pin it|likes?|comments?|copy link|link|save|"
    rf"more|sms|follow|"
    r"bookmark|\d[\d.,]*[km]?|on|via|this|to|and|\+1|views?)\Z",
    re.IGNORECASE,
)
_SHARE_CORE = re.compile(
    r"\b(?:share|tweet|e-?mail|print|pin|facebook|twitter|linkedin|pinterest|whatsapp|reddit)", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[\s,|/•·:()&]+")

_BYLINE = re.compile(rf"(?i:by|story by|written by|words by) (?P<who>{_NAMES})(?P<rest> ?[|•·–—/@,-].{{0,100}})?")
_DATED = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}|\b\d{1,2}(?:st|nd|rd|th)?\b")
_REPORTED = re.compile(r"\b(?:said|says|told|asked|wrote|argued|warned|added|claimed|urged|according)\b")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_EDGE = " \t\u00a0*_•▪●◦‣>»|→-–—"


def is_junk(line: str) -> bool:
    """Whether the whole of ``line`` is page furniture: share bars, notices, links to other articles, copyright."""
    core = line.strip(_EDGE)
    if not core or _LETTER_OR_DIGIT.search(core) is None:
        return True
    bare = core.rstrip(".!: ")
    if _JUNK.fullmatch(bare) is not None:
        return _REPORTED.search(bare) is None
    return len(bare) <= 120 and _is_share_bar(bare)


def _is_share_bar(line: str) -> bool:
    if _SHARE_CORE.search(line) is None:
        return False
    return all(_SHARE_WORD.match(word) for word in _SEPARATORS.split(line) if word)


def is_byline(line: str) -> bool:
    """Whether ``line`` names the author ("By Ann Lee | March 3, 2019"), which only the top of an article does."""
    if len(line) > 160 or line.endswith((".", "!", "?")):
        return False
    match = _BYLINE.fullmatch(line.strip(_EDGE))
    if match is None:
        return False
    dated = match["rest"] is not None and _DATED.search(match["rest"]) is not None
    return dated or len(match["who"].split()) >= 2
