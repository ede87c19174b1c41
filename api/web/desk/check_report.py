"""The report of a check before a release, as pages show it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.article.release_check import ReleaseCheck
from kb.vocabulary import CheckState

#: the worst first
OUTCOMES = ("broken", "displaced", "unanswered", "newly_answered")


@dataclass(frozen=True, slots=True)
class CheckedQuestion:
    """A question whose answer changes; ranks count from 1, None: not among the first ten."""

    text: str
    outcome: str
    before: int | None
    after: int | None
    #: whether it is about the article being released, and not about a neighbour
    own: bool
    #: title of the article that it should lead to, and of the one that would stand first
    article: str
    first_after: str | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    is_done: bool
    is_failed: bool
    broken_count: int
    #: (outcome, how many), of those that have any
    counts: tuple[tuple[str, int], ...]
    questions: tuple[CheckedQuestion, ...]
    override_reason: str


def check_report(check: ReleaseCheck, titles: Mapping[str, str]) -> CheckReport:
    """The report, the worst outcomes first.

    Args:
        titles: of articles that the reader may see, by id; others are not named.
    """
    report: dict[str, Any] = check.report or {"counts": {}, "queries": []}
    questions = [
        CheckedQuestion(
            text=query["text"],
            outcome=query["outcome"],
            before=query["before"],
            after=query["after"],
            own=query["own"],
            article=titles.get(query["article_id"], ""),
            first_after=titles.get(query["first_after"] or ""),
        )
        for query in report["queries"]
        if query["article_id"] in titles
    ]
    questions.sort(key=lambda one: OUTCOMES.index(one.outcome) if one.outcome in OUTCOMES else len(OUTCOMES))
    counts = tuple((name, count) for name, count in report["counts"].items() if count)
    return CheckReport(
        is_done=check.state is CheckState.DONE,
        is_failed=check.state is CheckState.FAILED,
        broken_count=check.broken_count,
        counts=counts,
        questions=tuple(questions),
        override_reason=check.override_reason,
    )


def named_in(check: ReleaseCheck) -> set[str]:
    """The ids of the articles that a report names."""
    queries = (check.report or {"queries": []})["queries"]
    ids = {query[name] for query in queries for name in ("article_id", "first_before", "first_after")}
    return {id for id in ids if id}
