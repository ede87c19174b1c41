"""Whether two facts are about the same thing: how alike their words are, and what tells them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from codify.clauses import Clause, Stated
from codify.spelling import same_word
from codify.statements import Statement
from codify.words import Role, Word

#: one text may leave these unsaid; the others narrow a statement down even where only one text has them
SOFT_SCOPES = frozenset(("way", "edge", "part_of_day", "alternative", "newness", "stage"))
#: so many words at most may stand where the other text has others, for it to be about another thing
SUBSTITUTED_WORDS = 3
#: titles and headings as alike as this differ in what they are about, not in how it is put
SAME_FRAME = 0.3
#: subjects that weigh less are not enough by themselves: what they stand under must agree
SLIGHT_SUBJECT = 1.3
#: a condition is the same one if so much of it is shared
SAME_CONDITION = 0.5


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact or a clause is about.

    Args:
        local: the words of its own part, its cell's labels included.
        rest: of the rest of the sentence.
        headings, title: of what it stands under.
        condition: of the if or unless that it hangs on; `condition_is_negative` its sense.
    """

    local: tuple[Word, ...]
    rest: tuple[Word, ...]
    headings: tuple[Word, ...]
    title: tuple[Word, ...]
    condition: tuple[Word, ...] = ()
    condition_is_negative: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two subjects compare.

    Args:
        likeness: 0 to 1: the weight of the shared words in that of all.
        shared: weight of the words that both have.
        left, right: terms that only one has, in its own part.
        obstacle: what makes them different things whatever the likeness: "", "scope", "condition",
            "subject" or "context".
    """

    likeness: float
    shared: float
    left: tuple[str, ...]
    right: tuple[str, ...]
    obstacle: str = ""


def subject_of_fact(statement: Statement, clause: Clause, fact: Stated) -> Subject:
    """The subject of a fact in its clause."""
    condition = () if fact.in_condition else clause.condition
    apart = set(condition)
    local = tuple(word for word in (*fact.local, *statement.labels) if word not in apart)
    rest = tuple(word for word in fact.rest if word not in apart)
    return Subject(
        local,
        (*rest, *statement.asked),
        statement.headings,
        statement.title,
        condition,
        clause.condition_is_negative,
    )


def subject_of_clause(statement: Statement, clause: Clause) -> Subject:
    """The subject of a clause that says yes or no."""
    others = tuple(word for other in statement.clauses if other is not clause for word in other.words)
    answered = statement.asked if clause.answers is not None else ()
    return Subject(
        (*clause.words, *answered, *statement.labels),
        others,
        statement.headings,
        statement.title,
        clause.condition,
        clause.condition_is_negative,
    )


def align(one: Subject, two: Subject) -> Alignment:
    """Compare two subjects; the same whichever comes first, but for left and right."""
    mine, theirs = _told(one.local), _told(two.local)
    mine_context = _told((*one.rest, *one.headings, *one.title))
    their_context = _told((*two.rest, *two.headings, *two.title))
    if not mine and not theirs:
        mine, theirs = mine_context, their_context
    pairs = _typos(mine, {**theirs, **their_context}) | _typos(theirs, {**mine, **mine_context})
    all_mine, all_theirs = {**mine_context, **mine}, {**their_context, **theirs}
    shared = {t: w for t, w in {**mine, **theirs}.items() if (t in all_mine and t in all_theirs) or t in pairs}
    left = {t: w for t, w in mine.items() if t not in shared}
    right = {t: w for t, w in theirs.items() if t not in shared}
    common = sum(shared.values())
    total = common + sum(left.values()) + sum(right.values())
    likeness = common / total if total else 0.0
    if common < SLIGHT_SUBJECT:
        likeness *= _context_likeness(one, two)
    obstacle = _obstacle(one, two, all_mine, all_theirs, pairs)
    return Alignment(likeness, common, tuple(left), tuple(right), obstacle)


def _told(words: Iterable[Word]) -> dict[str, float]:
    """Terms that say what it is about, with their weights."""
    return {word.term: word.weight for word in words if word.role in (Role.CONTENT, Role.VERB) and not word.negates}


def _typos(mine: dict[str, float], theirs: dict[str, float]) -> set[str]:
    """Terms of `mine` that are `theirs` misspelt, and those of `theirs`."""
    found: set[str] = set()
    others = [term for term in theirs if term not in mine]
    for term in mine:
        if term not in theirs:
            match = next((other for other in others if same_word(term, other)), None)
            if match:
                found |= {term, match}
    return found


def _context_likeness(one: Subject, two: Subject) -> float:
    """1 where either has no context; else how alike the titles and headings are, at least one half."""
    mine, theirs = _told((*one.headings, *one.title)), _told((*two.headings, *two.title))
    if not mine or not theirs:
        return 1.0
    shared = sum(w for t, w in mine.items() if t in theirs)
    return min(1.0, 0.4 + shared / min(sum(mine.values()), sum(theirs.values())))


def _obstacle(
    one: Subject, two: Subject, all_mine: dict[str, float], all_theirs: dict[str, float], typos: set[str]
) -> str:
    if _other_condition(one, two, all_mine, all_theirs):
        return "condition"
    if _scope_clash(one, two, set(all_mine), set(all_theirs)):
        return "scope"
    if substituted(_content(one.local), _content(two.local), set(all_mine), set(all_theirs)):
        return "subject"
    for mine, theirs in ((one.title, two.title), (one.headings, two.headings)):
        if _another_context(mine, theirs, set(all_mine), set(all_theirs)):
            return "context"
    return ""


def _other_condition(
    one: Subject, two: Subject, all_mine: dict[str, float], all_theirs: dict[str, float]
) -> bool:
    mine, theirs = _told(one.condition), _told(two.condition)
    if mine and theirs:
        shared = sum(w for t, w in mine.items() if t in theirs)
        total = sum({**mine, **theirs}.values())
        return one.condition_is_negative != two.condition_is_negative or shared / total < SAME_CONDITION
    return any(t not in all_theirs for t in mine) or any(t not in all_mine for t in theirs)


def _scope_clash(one: Subject, two: Subject, all_mine: set[str], all_theirs: set[str]) -> bool:
    mine, theirs = _scopes(one), _scopes(two)
    for scope in mine.keys() | theirs.keys():
        only_mine = mine.get(scope, set()) - all_theirs
        only_theirs = theirs.get(scope, set()) - all_mine
        if only_mine and only_theirs:
            return True
        if (only_mine or only_theirs) and scope not in SOFT_SCOPES:
            return True
    return False


def _scopes(subject: Subject) -> dict[str, set[str]]:
    """Scope words by class: the part's own, else those that it stands under."""
    found: dict[str, set[str]] = {}
    for words in (subject.local, subject.headings, subject.title):
        level: dict[str, set[str]] = {}
        for word in words:
            if word.scope:
                level.setdefault(word.scope, set()).add(word.term)
        for scope, terms in level.items():
            found.setdefault(scope, terms)
    return found


def _content(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if word.role is Role.CONTENT and not word.negates]


def substituted(
    one: Sequence[Word], two: Sequence[Word], all_mine: set[str], all_theirs: set[str]
) -> bool:
    """Whether in otherwise like words one names a thing where the other names another."""
    mine, theirs = [word.term for word in one], [word.term for word in two]
    names = {w.term for w in one if w.is_name} - all_theirs, {w.term for w in two if w.is_name} - all_mine
    if all(names):
        return True
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag != "replace" or max(b - a, d - c) > SUBSTITUTED_WORDS:
            continue
        left = [term for term in mine[a:b] if term not in all_theirs]
        right = [term for term in theirs[c:d] if term not in all_mine]
        if left and right and not any(same_word(x, y) for x in left for y in right):
            return True
    return False


def _another_context(
    one: Sequence[Word], two: Sequence[Word], all_mine: set[str], all_theirs: set[str]
) -> bool:
    """Whether like titles, or like headings, name different things."""
    mine, theirs = _content(one), _content(two)
    terms, others = {word.term for word in mine}, {word.term for word in theirs}
    if not terms or not others:
        return False
    likeness = len(terms & others) / len(terms | others)
    return likeness >= SAME_FRAME and substituted(mine, theirs, all_mine, all_theirs)


@lru_cache(maxsize=1)
def soft_scopes() -> frozenset[str]:
    """The classes that one text may leave unsaid."""
    return SOFT_SCOPES
