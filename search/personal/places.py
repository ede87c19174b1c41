"""Find where persons are reached other than by number: postal addresses and e-mail."""

import re
from collections.abc import Iterator

from search.personal.checks import PersonalKind, PersonalSpan

_EMAIL = re.compile(
    r"(?<![a-z0-9._+%-])([a-z0-9][a-z0-9._%+-]{0,63})@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![a-z0-9_-])"
)
#: Mailboxes of a team, not of a person (RFC 2142 and custom).
_TEAM_MAILBOX = re.compile(
    r"(?:support|help|helpdesk|info|sales?|contact|contactus|admin|administrator|postmaster|webmaster|hostmaster"
    r"|abuse|security|privacy|no-?reply|do-?not-?reply|hello|hi|service|services|care|customercare|orders?|billing"
    r"|accounts?|accounting|finance|press|media|jobs?|careers?|hr|team|office|feedback|complaints?|returns?|refunds?"
    r"|marketing|news|newsletter|mail|legal|git|sellers?|partners?|sponsors?|community|translations|warranty)(?:[._+-](?:fa|en|ir|iran|team|tehran))?"
)

_STREET = r"(?:خیابان|خیابون|بلوار|کوچه|میدان|میدون|بزرگراه|اتوبان|شهرک|کوی|بن ?بست)"
_NUMBER_WORDS = (
    "یک|دو|سه|چهار|پنج|شش|شیش|هفت|هشت|نه|ده|یازده|دوازده|سیزده|چهارده|پانزده|پونزده|شانزده|شونزده|هفده|هیفده|هجده"
    "|هیجده|نوزده|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|صد|دویست|سیصد"
)
_NUMBER = rf"(?:[0-9]{{1,5}}|(?:{_NUMBER_WORDS})(?: و (?:{_NUMBER_WORDS}))*)(?![\w\u200c])"
#: Words of a sentence about streets, not of an address.
_TALK = (
    r"(?:که|را|رو(?! به)|بود|نبود|شد|شده|است|هست|نیست|کرد|نکرد|زد|گفت|گفتم|اگر|اگه|چون|ولی|اما|باید|یا|هر"
    r"|چند|کدام|یعنی|مثل|مثلا|ن?می(?:\u200c\w+)?)"
)
#: Separators and words share no character, so that no text makes the search slow.
_BREAK = "[ ،,:()/-]{1,4}"
_BETWEEN = rf"(?:{_BREAK}(?!{_TALK}(?![\w\u200c]))(?!پلاک|واحد|طبقه|[0-9]{{6}})[\w\u200c]{{1,30}}){{0,12}}?"
_DOOR = rf"(?:پلاک|واحد|طبقه)[ \u200c:]{{0,3}}{_NUMBER}"
_PERSIAN_ADDRESS = re.compile(
    rf"{_STREET}(?![\w\u200c]){_BETWEEN}{_BREAK}{_DOOR}(?:{_BREAK}(?:و )?{_DOOR}){{0,4}}"
)
_INSIDE_WORD = re.compile(r"[\w\u200c]")
_ROAD = r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|alley)"
_ROAD_NAME = (
    r"(?:(?!(?:to|at|in|on|off|from|of|by|the|a|an|my|our|your|is|was|it|and|or|this|that)\ )[a-z]+\ )"
)
_ENGLISH_DOOR = r"(?:no|number|unit|apt|apartment|flat|plaque|plate|floor|suite)\b[. #:]{0,3}[0-9]{1,5}\b"
_ENGLISH_ADDRESS = re.compile(
    rf"""
    \b(?P<house>[0-9]{{1,5}}\ {_ROAD_NAME}{{1,3}}{_ROAD}\b\.?)(?:,?\ {_ENGLISH_DOOR})*
  | \b(?:{_ENGLISH_DOOR},?\ )?{_ROAD_NAME}{{1,2}}{_ROAD}\b\.?
      (?:,\ [a-z0-9]+(?:\ [a-z0-9]+){{0,2}})?(?:,?\ {_ENGLISH_DOOR})+
  | \b{_ENGLISH_DOOR},?\ {_ROAD_NAME}{{1,2}}{_ROAD}\b\.?
    """,
    re.VERBOSE,
)
#: How far an English address reaches to either side of its road word, in characters.
_ROAD_REACH = 60
_ROAD_WORD = re.compile(rf"\b{_ROAD}\b")


def find_emails(folded: str) -> Iterator[PersonalSpan]:
    """E-mail addresses of persons; mailboxes of a team (support@, info@) are public."""
    if "@" in folded:
        for match in _EMAIL.finditer(folded):
            if not _TEAM_MAILBOX.fullmatch(match[1]):
                yield PersonalSpan(PersonalKind.EMAIL, match.start(), match.end())


def find_addresses(text: str, folded: str) -> Iterator[PersonalSpan]:
    """Streets with a door: a street word, then پلاک or واحد with a number; also "12 Valiasr Street"."""
    for match in _PERSIAN_ADDRESS.finditer(folded):
        if match.start() == 0 or not _INSIDE_WORD.match(folded, match.start() - 1):
            yield PersonalSpan(PersonalKind.ADDRESS, match.start(), match.end())
    for road in _ROAD_WORD.finditer(folded):
        near = range(max(0, road.start() - _ROAD_REACH), min(len(folded), road.end() + _ROAD_REACH))
        for match in _ENGLISH_ADDRESS.finditer(folded, near.start, near.stop):
            house = match["house"]
            # "2 orders on the road" has no capitals; a house number's street has
            if house is None or text[match.start() + house.index(" ") + 1].isupper():
                yield PersonalSpan(PersonalKind.ADDRESS, match.start(), match.end())
