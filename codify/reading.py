"""What a text states: its facts and its claims that something is so, ready to be listed or compared."""

from dataclasses import dataclass

from codify.alignment import Subject, subject_of_clause, subject_of_fact
from codify.clauses import Clause, Stated
from codify.facts.value import FactKind, Polarity, Value
from codify.statements import Statement, read_statements
from codify.words import Role
from search.analysis.analyzer import Analyzer

#: of a longer text the first so many are compared, so that two of them take seconds at most
MOST_FACTS, MOST_CLAIMS = 400, 600


@dataclass(frozen=True, slots=True)
class Held:
    """A fact with its statement and subject, ready to be compared."""

    statement: Statement
    clause: Clause
    fact: Stated
    subject: Subject


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read once, to be compared with many others.

    Args:
        facts: that hold now; `claims` that something is so or not so.
    """

    text: str
    statements: tuple[Statement, ...]
    facts: tuple[Held, ...]
    claims: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a text.

    Args:
        start, end: code points of the text, half-open.
        text: as it is written; `normal` in one form for all spellings: "490000 IRR", "≤7 day", "2024-08-11".
        about: terms of what it is about, the words of its own part of the sentence and of its row and column.
        sentence_start, sentence_end: of the statement it is part of.
        is_past: it was so once; `is_example`: it only shows how something works.
        is_condition: it says what something else hangs on: orders above 500,000.
        is_asked: it stands in a question.
    """

    kind: FactKind
    start: int
    end: int
    text: str
    normal: str
    value: Value
    about: tuple[str, ...]
    sentence_start: int
    sentence_end: int
    is_past: bool
    is_example: bool
    is_condition: bool
    is_asked: bool


def find_facts(text: str, *, title: str = "", analyzer: Analyzer) -> list[Fact]:
    """The typed facts of Markdown `text` in reading order, those that are past or asked included.

    Args:
        title: what the text stands under; a yes or no answers it where it is a question.
    """
    found = []
    for statement in read_statements(text, title=title, analyzer=analyzer):
        for clause in statement.clauses:
            held = [
                Held(statement, clause, fact, subject_of_fact(statement, clause, fact))
                for fact in clause.facts
            ]
            claim = None if statement.is_question else claim_of(statement, clause)
            found += [_fact(one) for one in (*held, *((claim,) if claim else ()))]
    return sorted(found, key=lambda fact: (fact.start, fact.end))


def _fact(held: Held) -> Fact:
    fact, statement = held.fact, held.statement
    return Fact(
        fact.kind,
        fact.start,
        fact.end,
        fact.text,
        str(fact.value),
        fact.value,
        tuple(held.subject.told),
        statement.start,
        statement.end,
        fact.is_past,
        fact.is_example,
        fact.in_condition,
        statement.is_question,
    )


def read(text: str, *, title: str = "", analyzer: Analyzer) -> Reading:
    """Read Markdown `text` to compare it; its title counts as what everything in it is about."""
    statements = tuple(read_statements(text, title=title, analyzer=analyzer))
    facts: list[Held] = []
    claims: list[Held] = []
    for statement in statements:
        if statement.is_question:
            continue
        for clause in statement.clauses:
            facts += [
                Held(statement, clause, fact, subject_of_fact(statement, clause, fact))
                for fact in clause.facts
                if not fact.is_past and not fact.is_example
            ]
            claim = claim_of(statement, clause)
            if claim is not None:
                claims.append(claim)
    return Reading(text, statements, tuple(facts[:MOST_FACTS]), tuple(claims[:MOST_CLAIMS]))


def claim_of(statement: Statement, clause: Clause) -> Held | None:
    """A clause that says that something is so or is not so; None for other clauses."""
    if clause.is_past or clause.is_example or clause.negations > 1:  # which of them denies what is open
        return None
    answered = clause.answers is not None and statement.asked
    if not (clause.says or answered or statement.labels):
        return None
    positive = clause.answers if answered else not clause.negations
    subject = subject_of_clause(statement, clause)
    if not any(word.role is Role.CONTENT for word in subject.local):
        return None
    fact = Stated(
        FactKind.POLARITY,
        clause.start,
        clause.end,
        statement.text,
        Polarity(bool(positive)),
        clause.words,
        (),
        is_past=False,
        is_example=False,
        in_condition=False,
    )
    return Held(statement, clause, fact, subject)
