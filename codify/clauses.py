"""Clauses of a sentence: what belongs together, what is a condition, what was once true or is an example."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from codify.facts.find import Spotted
from codify.facts.value import Bound, FactKind, Quantity, Value
from codify.wording import CHANGED, CONDITION, EDGES, EXAMPLE, LONGEST, NO, PAST, UNLESS, YES
from codify.words import Role, Word
from search.analysis.fold import fold

_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
_STRONG = re.compile(
    rf"[؛;]|[ \t][—–-][ \t]|(?<![{_L}])(?:ولی|اما|ولیکن|لیکن|در حالی ?که|در غیر این ?صورت|وگرنه"
    rf"|but|however|whereas|while|otherwise|although|though|yet)(?![{_L}])"
)
_COPULA_BEFORE = re.compile(rf"(?<![{_L}])(?:است|هست|نیست|هستند|نیستند|باشد|باشند|بود|شد)[ \t]*\Z")
_COPULA = re.compile(rf"(?<![{_L}])(?:است|هست|نیست|هستند|نیستند|is|are|isn.t|aren.t|be)(?![{_L}])")
_WEAK = re.compile(rf"[،,](?!\d)|(?<![{_L}])(?:و|and|or|یا|then|سپس)(?![{_L}])|[()]|/")
_CONDITION = re.compile(rf"(?<![{_L}])(?:{CONDITION})(?![{_L}])")
_UNLESS = re.compile(rf"(?<![{_L}])(?:{UNLESS})(?![{_L}])")
_PAST = re.compile(rf"(?<![{_L}])(?:{PAST})(?![{_L}])")
_EXAMPLE = re.compile(rf"(?<![{_L}])(?:{EXAMPLE})(?![{_L}])")
_CHANGED = re.compile(CHANGED)
_OLD = re.compile(rf"(?<![{_L}])(?:از|from|به ?جای|instead of|rather than)(?![{_L}])[^\d]{{0,12}}\Z")
_NOW = re.compile(rf"(?<![{_L}])(?:اکنون|الان|هم اکنون|حالا|از این پس|now|currently|today)(?![{_L}])")
_SAID = re.compile(rf"[\s*_]*(?:(?P<yes>{YES})|(?P<no>{NO}))(?![{_L}])[\s]*(?:[،,.!:؛;—–-]|\Z)")
#: a Persian condition before its main clause ends with its verb
_CONDITION_END = re.compile(r"[،,]")
_SHORT_CONDITION = re.compile(
    rf"(?:در صورت|هنگام|به ?جز|به ?غیر از|غیر از|except(?: for)?|in case|in the event)(?![{_L}])"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact where it stands: the value, its span in the original, what it is about.

    Args:
        local: words of its own part of the clause; the subject.
        rest: words of the rest of the sentence.
        is_past, is_example, in_condition: no statement about what holds now, or what something hangs on.
        beside: values of other kinds in the same part: days and tiers that narrow it down.
    """

    kind: FactKind
    start: int
    end: int
    text: str
    value: Value
    local: tuple[Word, ...]
    rest: tuple[Word, ...]
    is_past: bool
    is_example: bool
    in_condition: bool
    beside: tuple[tuple[FactKind, Value, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause.

    Args:
        start, end: in the original.
        words: of the main part; `condition` those of an if, when, unless, except.
        says: it has a verb, so that it can say yes or no.
        negations: how many the main part has.
        condition_is_negative: whether the condition has an odd number.
        answers: True for a leading yes, False for a leading no, else None.
    """

    start: int
    end: int
    words: tuple[Word, ...]
    condition: tuple[Word, ...]
    facts: tuple[Stated, ...]
    negations: int
    condition_is_negative: bool
    is_past: bool
    is_example: bool
    says: bool
    answers: bool | None = None


def cut_clauses(
    sentence: str,
    words: Sequence[Word],
    facts: Sequence[Spotted],
    original: Callable[[int, int], tuple[int, int]],
) -> tuple[Clause, ...]:
    """The clauses of a sentence in reading order.

    Args:
        facts: with spans in the sentence.
        original: maps a span of the sentence to the original text.
    """
    folded = fold(sentence)
    flat = folded.text.replace("\u200c", " ")
    protected = [(fact.start, fact.end) for fact in facts]
    cuts = [0, *_cuts(flat, folded.origin, words, protected), len(sentence)]
    clauses: list[Clause] = []
    for left, right in pairwise(cuts):
        if right > left:
            clauses.append(_clause(sentence, left, right, words, facts, original))
    return tuple(clauses)


def _cuts(
    flat: str, origin: Callable[[int], int], words: Sequence[Word], protected: Sequence[tuple[int, int]]
) -> list[int]:
    found = set()
    for match in _STRONG.finditer(flat):
        at = origin(match.start())
        if not any(start < at < end for start, end in protected):
            found.add(at)
    for match in _WEAK.finditer(flat):
        at, after = origin(match.start()), origin(match.end())
        if any(start < at < end for start, end in protected) or match[0] in "()/":
            continue
        before = [word for word in words if word.end <= at]
        follows = [word for word in words if word.start >= after]
        verb = before and _ends_with_verb(before[-1], at)
        if _opens_with_condition(
            flat, max((cut for cut in found if cut <= at), default=0), origin, at, words
        ):
            continue
        if (
            follows
            and match[0] in ("و", "،", ",")
            and (verb or _COPULA_BEFORE.search(flat, 0, match.start()))
        ) or (
            match[0] in (",", "and")
            and re.match(
                r"(?:,? ?(?:and|so|then))? (?:it|you|we|they|he|she|the|this|these|those|there|your|our)\b",
                flat[match.start() :],
            )
        ):
            found.add(at)
    return sorted(found)


def _opens_with_condition(
    flat: str, since: int, origin: Callable[[int], int], at: int, words: Sequence[Word]
) -> bool:
    """Whether the clause so far is a condition: what follows its comma hangs on it."""
    start = next((i for i in range(len(flat)) if origin(i) >= since), 0)
    match = _CONDITION.search(flat, start)
    if match is None or flat[start : match.start()].strip(" ،,؛;و") or origin(match.start()) >= at:
        return False
    return sum(1 for word in words if since <= word.start < at and _is_finite(word)) <= 1


def _ends_with_verb(word: Word, at: int) -> bool:
    return _is_finite(word) and at - word.end <= 2


def _is_finite(word: Word) -> bool:
    """Whether a word is a Persian verb that can end a clause; participles and infinitives end like nouns."""
    bare = word.surface.replace("\u200c", "").replace(" ", "")
    return word.term.startswith("@") and (
        bare.startswith(("می", "نمی"))
        or not bare.endswith(("ن", "ه"))
        or bare in ("بشه", "نشه", "کنه", "نکنه", "داره", "نداره")
    )


def _clause(
    sentence: str,
    left: int,
    right: int,
    words: Sequence[Word],
    facts: Sequence[Spotted],
    original: Callable[[int, int], tuple[int, int]],
) -> Clause:
    folded = fold(_without(sentence, facts)[left:right])
    flat = folded.text.replace("\u200c", " ")
    inside = [word for word in words if left <= word.start < right]
    verbs = [(w.start - left, w.end - left) for w in inside if _is_finite(w)]
    conditions = _conditions(flat, verbs, folded.origin)
    said = _SAID.match(flat)
    answers = None
    if said:
        answers = said.lastgroup == "yes"
        end = left + folded.origin(said.end())
        inside = [word for word in inside if word.start >= end]
    condition = [w for w in inside if any(a <= w.start - left < b for a, b, _ in conditions)]
    main = [w for w in inside if w not in condition]
    turns = sum(1 for _, _, unless in conditions if unless)
    past, example = _PAST.search(flat) is not None, _EXAMPLE.search(flat) is not None
    mine = [fact for fact in facts if left <= fact.start < right]
    others = [word for word in words if not left <= word.start < right]
    start, end = original(left, right)
    return Clause(
        start,
        end,
        tuple(main),
        tuple(condition),
        tuple(_stated(sentence, left, right, flat, mine, inside, others, conditions, original)),
        sum(w.negates for w in main),
        (sum(w.negates for w in condition) + turns) % 2 == 1,
        past,
        example,
        _COPULA.search(flat) is not None
        or (len(main) > 2 and all(w.surface.isascii() for w in main))
        or any(w.role in (Role.VERB, Role.MODAL) or w.negates for w in main),
        answers,
    )


def _without(sentence: str, facts: Sequence[Spotted]) -> str:
    """The sentence with its facts blanked out: an address may hold any word."""
    chars = list(sentence)
    for fact in facts:
        chars[fact.start : fact.end] = "\x00" * (fact.end - fact.start)
    return "".join(chars)


def _without_conditions(sentence: str, left: int, conditions: Sequence[tuple[int, int, bool]]) -> str:
    """The sentence with its conditions blanked out: "if it was" tells of no past."""
    for begin, end, _ in conditions:
        sentence = sentence[: left + begin] + " " * (end - begin) + sentence[left + end :]
    return sentence


def _conditions(
    flat: str,
    words: Sequence[tuple[int, int]],
    origin: Callable[[int], int],
) -> list[tuple[int, int, bool]]:
    """Spans of conditions (positions of the clause's text), and whether each begins with unless.

    Args:
        words: spans of the clause's finite Persian verbs: a condition before its main clause ends with one.
    """
    found = []
    for match in _CONDITION.finditer(flat):
        begin, after = origin(match.start()), origin(match.end())
        comma = _CONDITION_END.search(flat, match.end())
        end = origin(comma.start()) if comma else origin(len(flat))
        verbs = [stop for start, stop in words if start >= after]
        verbs += [origin(m.end()) for m in _COPULA.finditer(flat, match.end())]
        if _SHORT_CONDITION.match(flat, match.start()):
            ends = [m.end() for m in re.finditer(r"\S+", flat) if m.start() >= match.end()]
            if len(ends) > 3 and not comma:
                end = origin(ends[2])
        elif match[0].isascii():
            if not comma and match.start() < len(flat) // 3:
                end = begin + (origin(len(flat)) - begin) // 2
        elif verbs and match.start() < len(flat) // 2:
            end = min(verbs)
        found.append((begin, end, _UNLESS.match(flat, match.start()) is not None))
    return found


def _stated(
    sentence: str,
    left: int,
    right: int,
    flat: str,
    facts: Sequence[Spotted],
    inside: Sequence[Word],
    others: Sequence[Word],
    conditions: Sequence[tuple[int, int, bool]],
    original: Callable[[int, int], tuple[int, int]],
) -> list[Stated]:
    """The facts of a clause, each with the part of the clause that is its own."""
    found = []
    changed = _CHANGED.search(flat) is not None
    for index, fact in enumerate(facts):
        begin, finish = _own_part(sentence, left, right, facts, index)
        local = tuple(word for word in inside if begin <= word.start < finish)
        rest = tuple(word for word in (*inside, *others) if not begin <= word.start < finish)
        part = fold(
            _without(_without_conditions(sentence, left, conditions), facts)[begin:finish]
        ).text.replace("\u200c", " ")
        head = fold(sentence[left : fact.start]).text.replace("\u200c", " ")
        old = (
            changed and _OLD.search(head) is not None and any(f.kind is fact.kind for f in facts[index + 1 :])
        )
        value = _edged(fact, sentence, inside, local)
        tier = _is_tier(fact, sentence) and value is fact.value
        past = old or (_PAST.search(part) is not None and not _NOW.search(part))
        at = fact.start - left
        start, end = original(fact.start, fact.end)
        found.append(
            Stated(
                fact.kind,
                start,
                end,
                sentence[fact.start : fact.end],
                value,
                local,
                rest,
                past,
                _EXAMPLE.search(flat) is not None,
                any(a <= at < b for a, b, _ in conditions) or tier,
                tuple(
                    (f.kind, f.value, _is_tier(f, sentence))
                    for f in facts
                    if f is not fact and begin <= f.start < finish
                ),
            )
        )
    return found


_OVER = re.compile(r"(?:بالای|بیش از|بیشتر از|بالاتر از|over|above|more than|exceeding)")
_UNDER = re.compile(r"(?:زیر|کمتر از|پایین تر از|under|below|less than)")


def _is_tier(fact: Spotted, sentence: str) -> bool:
    """Whether the amount says which orders, not what holds for them: خرید بالای ۵۰۰ هزار تومان."""
    bound = getattr(fact.value, "bound", Bound.EXACT)
    if bound is Bound.EXACT or fact.kind not in (FactKind.MONEY, FactKind.SIZE, FactKind.COUNT):
        return False
    said = fold(sentence[fact.start : fact.end]).text.replace("\u200c", " ")
    return (_OVER if bound is Bound.AT_LEAST else _UNDER).match(said) is not None


def _edged(fact: Spotted, sentence: str, inside: Sequence[Word], local: Sequence[Word]) -> Value:
    """The value with the bound that other words give it: a minimum order, files over 10 MB are rejected."""
    value = fact.value
    if not isinstance(value, Quantity):
        return value
    if value.bound is Bound.EXACT and "–" not in str(value):
        edges = {EDGES[word.term] for word in local if word.term in EDGES}
        if len(edges) == 1:
            return replace(value, bound=Bound(edges.pop()))
        if fact.kind is FactKind.DURATION and any(word.term in LONGEST for word in local):
            return replace(value, bound=Bound.AT_MOST)
    negative = sum(word.negates for word in inside) % 2 == 1
    if negative and _is_tier(fact, sentence):
        flipped = {Bound.AT_LEAST: Bound.AT_MOST, Bound.AT_MOST: Bound.AT_LEAST}
        return replace(value, bound=flipped.get(value.bound, value.bound))
    return value


def _own_part(sentence: str, left: int, right: int, facts: Sequence[Spotted], index: int) -> tuple[int, int]:
    """The stretch of a clause around one fact, cut off from neighbours of its kind at a comma or an "and"."""
    fact = facts[index]
    begin, end = left, right
    tier = _is_tier(fact, sentence)
    for other in reversed(facts[:index]):
        if other.kind is fact.kind and _is_tier(other, sentence) == tier:
            begin = max(begin, _between(sentence, other.end, fact.start))
            break
    for other in facts[index + 1 :]:
        if other.kind is fact.kind and _is_tier(other, sentence) == tier:
            end = min(end, _between(sentence, fact.end, other.start))
            break
    return begin, end


def _between(sentence: str, left: int, right: int) -> int:
    """Where to cut between two facts: at the last separator, else right after the first."""
    folded = fold(sentence[left:right])
    flat = folded.text.replace("\u200c", " ")
    cut = None
    for match in (*_STRONG.finditer(flat), *_WEAK.finditer(flat)):
        cut = max(cut or 0, match.start())
    return left if cut is None else left + folded.origin(cut)


def with_labels(fact: Stated, labels: Sequence[Word]) -> Stated:
    """The fact of a cell, which is about its row and column."""
    return replace(fact, local=(*fact.local, *labels))
