"""Whether two facts are about the same thing: how alike their words are, and what tells them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from codify.clauses import Clause, Stated
from codify.facts.value import FactKind
from codify.spelling import same_word
from codify.statements import Statement
from codify.wording import CARRIERS, VAGUE
from codify.words import Role, Word

#: one text may leave these unsaid; the others narrow a statement down even where only one text has them
SOFT_SCOPES = frozenset(("way", "edge", "part_of_day", "alternative", "newness", "stage", "phase", "role"))
#: what is so much a day or a month; of other kinds "every day" is no rate
RATED = frozenset((FactKind.MONEY, FactKind.COUNT, FactKind.SIZE, FactKind.PERCENTAGE, FactKind.DURATION))
#: so many words at most may stand where the other text has others, for it to be about another thing
SUBSTITUTED_WORDS = 3
#: titles and headings as alike as this differ in what they are about, not in how it is put
SAME_FRAME = 0.3
#: part of a word's weight that counts as shared where the other text has it only around the fact
AROUND_SHARE = 0.6
#: subjects as alike as this are one even where each has a word of its own
SURELY_SAME = 0.8
#: parts as alike as this word by word are one sentence with something exchanged
SAME_WORDING = 0.5
#: otherwise put parts with words of their own must be at least so alike
LIKE_WORDING = 0.5
#: a condition is the same one if so much of it is shared
SAME_CONDITION = 0.5


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact or a clause is about.

    Args:
        local: the words of its own part, its cell's labels included.
        headings, title: of what it stands under.
        condition: of the if or unless that it hangs on; `condition_is_negative` its sense.
        told: terms of `local` that say what it is about, with their weights; `stems` how they were written.
        around: likewise of the rest of the sentence, the headings and the title.
        under: likewise of the headings and the title alone.
        sequence: all terms of `local` in order: where they are equal, so is the statement.
        said: every term of the sentence, the headings and the title, whatever its role.
    """

    local: tuple[Word, ...]
    headings: tuple[Word, ...]
    title: tuple[Word, ...]
    condition: tuple[Word, ...]
    condition_is_negative: bool
    told: dict[str, float]
    stems: dict[str, str]
    around: dict[str, float]
    under: dict[str, float]
    sequence: tuple[str, ...]
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two subjects compare.

    Args:
        likeness: 0 to 1: the weight of the shared words in that of all.
        shared: weight of the words that both have.
        context: 0 to 1, how alike what they stand under is; 1 where either stands under nothing.
        left, right: terms that only one has, in its own part.
        obstacle: what makes them different things whatever the likeness: "", "scope", "condition",
            "subject", "narrower" or "context".
    """

    likeness: float
    shared: float
    context: float
    left: tuple[str, ...]
    right: tuple[str, ...]
    obstacle: str = ""


def subject_of_fact(statement: Statement, clause: Clause, fact: Stated) -> Subject:
    """The subject of a fact in its clause."""
    condition = () if fact.in_condition else clause.condition
    apart = set(condition)
    local = tuple(word for word in (*fact.local, *statement.labels) if word not in apart)
    rest = tuple(word for word in fact.rest if word not in apart)
    return _subject(statement, clause, local, (*rest, *statement.asked), condition)


def subject_of_clause(statement: Statement, clause: Clause) -> Subject:
    """The subject of a clause that says yes or no."""
    others = tuple(word for other in statement.clauses if other is not clause for word in other.words)
    answered = statement.asked if clause.answers is not None else ()
    return _subject(
        statement, clause, (*clause.words, *answered, *statement.labels), others, clause.condition
    )


def _subject(
    statement: Statement,
    clause: Clause,
    local: tuple[Word, ...],
    rest: tuple[Word, ...],
    condition: tuple[Word, ...],
) -> Subject:
    under = _told((*statement.headings, *statement.title))
    told, around = _told(local), {**_told(rest), **under}
    return Subject(
        local,
        statement.headings,
        statement.title,
        condition,
        clause.condition_is_negative,
        told or around,
        {word.term: word.stem or word.term for word in local},
        around,
        under,
        tuple(word.term for word in local),
        frozenset(word.term for word in (*local, *rest, *condition, *statement.headings, *statement.title)),
    )


def align(one: Subject, two: Subject, kind: FactKind) -> Alignment:
    """Compare two subjects of facts of one kind; the same whichever comes first, but for left and right."""
    mine, theirs = one.told, two.told
    typos = _typos(one, two)
    unsaid = VAGUE | CARRIERS.get(kind.value, frozenset())
    common = total = 0.0
    left, right = [], []
    for term, weight in {**theirs, **mine}.items():
        if (term in mine and term in theirs) or term in typos:
            common += weight
        elif term in unsaid:
            continue
        elif term in (two.around if term in mine else one.around):
            common += AROUND_SHARE * weight
        elif term in mine:
            left.append(term)
        else:
            right.append(term)
        total += weight
    likeness = common / total if total else 0.0
    if one.sequence and one.sequence == two.sequence:
        likeness, common = 1.0, max(common, 1.0)
    context = _context_likeness(one.under, two.under)
    found = _obstacle(one, two, kind) or _apart(one, two, set(left), set(right), likeness)
    return Alignment(likeness, common, context, tuple(left), tuple(right), found)


def _apart(one: Subject, two: Subject, left: set[str], right: set[str], likeness: float) -> str:
    """Whether the words that only one has name another thing, or a part of the thing."""
    mine = [word for word in _content(one.local) if word.term in left]
    theirs = [word for word in _content(two.local) if word.term in right]
    if (
        mine
        and theirs
        and likeness < SURELY_SAME
        and (_frame_likeness(one, two) >= SAME_WORDING or likeness < LIKE_WORDING)
    ):
        return "subject"
    narrower = _narrows(mine, one.local, left) or _narrows(theirs, two.local, right)
    if narrower and (likeness < LIKE_WORDING or _is_inserted(one, two, left | right)):
        return "narrower"
    return ""


def _is_inserted(one: Subject, two: Subject, extra: set[str]) -> bool:
    """Whether the parts name the same things in the same order but for the extra words."""
    mine, theirs = (
        [word.term for word in _content(subject.local) if word.term not in extra] for subject in (one, two)
    )
    return mine == theirs


def _frame_likeness(one: Subject, two: Subject) -> float:
    """How alike the parts are word by word, with verbs and what says nothing."""
    first, second = sorted((one.sequence, two.sequence))  # the ratio depends on their order
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _narrows(extra: Sequence[Word], local: Sequence[Word], only: set[str]) -> bool:
    """Whether a word that only one text has stands right beside a shared noun: laptop battery, باتری گوشی."""
    shared = [word for word in _content(local) if word.term not in only]
    return any(
        0 <= later.start - earlier.end <= 1
        for word in extra
        for other in shared
        for earlier, later in ((word, other), (other, word))
    )


def may_align(one: Subject, two: Subject) -> bool:
    """Whether the subjects have any word in common: a quick look before `align`."""
    if one.sequence == two.sequence:
        return True
    return not one.told.keys().isdisjoint(two.told) or any(
        same_word(mine, theirs) for mine in one.told for theirs in two.told
    )


def _told(words: Iterable[Word]) -> dict[str, float]:
    """Terms that say what it is about, with their weights."""
    return {
        word.term: word.weight for word in words if word.role in (Role.CONTENT, Role.PREDICATE, Role.VERB)
    }


def _typos(one: Subject, two: Subject) -> set[str]:
    """Terms of either subject that are a term of the other misspelt."""
    found: set[str] = set()
    others = [term for term in two.told if term not in one.told]
    for term in one.told:
        if term not in two.told:
            stem = one.stems.get(term, term)
            match = next((other for other in others if same_word(stem, two.stems.get(other, other))), None)
            if match:
                found |= {term, match}
    return found


def _context_likeness(mine: dict[str, float], theirs: dict[str, float]) -> float:
    if not mine or not theirs:
        return 1.0
    shared = sum(weight for term, weight in mine.items() if term in theirs)
    return min(1.0, shared / min(sum(mine.values()), sum(theirs.values())))


def _obstacle(one: Subject, two: Subject, kind: FactKind) -> str:
    all_mine, all_theirs = one.told.keys() | one.around.keys(), two.told.keys() | two.around.keys()
    if _other_condition(one, two, all_mine, all_theirs):
        return "condition"
    if _scope_clash(one, two, kind):
        return "scope"
    carriers = CARRIERS.get(kind.value, frozenset())
    mine, theirs = (
        [w for w in words if w.role in (Role.CONTENT, Role.PREDICATE) and w.term not in carriers]
        for words in (one.local, two.local)
    )
    if _frame_likeness(one, two) >= SAME_WORDING and substituted(mine, theirs, all_mine, all_theirs):
        return "subject"
    for upper, other in ((one.title, two.title), (one.headings, two.headings)):
        if _another_context(upper, other, all_mine, all_theirs):
            return "context"
    return ""


def _other_condition(one: Subject, two: Subject, all_mine: set[str], all_theirs: set[str]) -> bool:
    mine, theirs = _told(one.condition), _told(two.condition)
    if mine and theirs:
        shared = sum(w for t, w in mine.items() if t in theirs)
        total = sum({**mine, **theirs}.values())
        return one.condition_is_negative != two.condition_is_negative or shared / total < SAME_CONDITION
    return any(t not in all_theirs for t in mine) or any(t not in all_mine for t in theirs)


def _scope_clash(one: Subject, two: Subject, kind: FactKind) -> bool:
    mine, theirs = _scopes(one), _scopes(two)
    for scope in mine.keys() | theirs.keys():
        if scope == "per" and kind not in RATED:
            continue
        only_mine = mine.get(scope, set()) - two.said
        only_theirs = theirs.get(scope, set()) - one.said
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
    return [word for word in words if word.role is Role.CONTENT]


def substituted(one: Sequence[Word], two: Sequence[Word], all_mine: set[str], all_theirs: set[str]) -> bool:
    """Whether in otherwise like words one names a thing where the other names another."""
    mine, theirs = [word.term for word in one], [word.term for word in two]
    names = {w.term for w in one if w.is_name} - all_theirs, {w.term for w in two if w.is_name} - all_mine
    if all(names):
        return True
    if theirs < mine:  # what the matcher finds depends on the order
        mine, theirs, all_mine, all_theirs = theirs, mine, all_theirs, all_mine
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag != "replace" or max(b - a, d - c) > SUBSTITUTED_WORDS:
            continue
        left = [term for term in mine[a:b] if term not in all_theirs]
        right = [term for term in theirs[c:d] if term not in all_mine]
        if not (left and right) or VAGUE.issuperset((*left, *right)):
            continue
        if not any(same_word(x, y) for x in left for y in right):
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
