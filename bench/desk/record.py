"""A record as years of a desk leave it: articles in every state, notes, reviews, flags, findings, links."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from bench.synthetic import demo_sentences
from kb.article import (
    Article,
    archive_article,
    create_article,
    release_article,
    request_review,
    revise_article,
    schedule_article,
)
from kb.article.verification import due_at
from kb.clock import utc_now
from kb.database import Database
from kb.edition import publish_edition, stage_edition
from kb.finding import FindingDraft, keep_findings
from kb.flag import raise_flag
from kb.link import link_article
from kb.note import accept_note, capture_note
from kb.outbox import Job
from kb.team import create_team, place_in_teams
from kb.user import User, caller_of_user, create_user, open_session
from kb.visibility import EVERYTHING, OPERATOR, Caller
from kb.vocabulary import ArticleState, Audience, FindingKind, FlagReason, Language, OriginKind, Role

PEOPLE, TEAMS, PRODUCTS, SEGMENTS, TAGS = 60, 8, 30, 6, 120
PER_TRANSACTION = 100
SENTENCES_PER_ARTICLE = 12
#: of a hundred articles
_WORK_IN_PROGRESS, _UNDER_REVIEW, _ARCHIVED, _REVISED, _SCHEDULED = 12, 10, 5, 15, 2
#: the translation whose original is released anew
_OVERTAKEN = 61

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DeskRecord:
    """What was filled in, as far as lists are narrowed by it.

    Attributes:
        session_token: of an administrator who owns articles, and is in a team.
    """

    session_token: str
    person_id: str
    reviewer_id: str
    team_id: str
    article_id: str
    tag: str
    product: str
    segment: str
    title_part: str


def fill_desk(database: Database, *, articles: int, progress: Progress, seed: int = 5) -> DeskRecord:
    """Fill an empty, migrated record with `articles` articles and what gathers around them."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    sentences = demo_sentences()
    people, team_ids = _people(database)
    ids: list[str] = []
    for numbers in _batches(range(articles), PER_TRANSACTION):
        with database.transaction() as session:
            for number in numbers:
                ids.append(_article(session, number, ids, people, team_ids, chance, sentences))
            # Nothing is to be indexed: a worker that embeds would be measured along.
            session.execute(delete(Job))
        progress("articles", numbers[-1] + 1, articles)
    _notes(database, articles // 2, people, chance, sentences, progress)
    _marks(database, ids, people, chance, progress)
    if not database.is_sqlite:
        # What the server does by itself within minutes, and what it plans its queries by.
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    with database.transaction() as session:
        me = session.get_one(User, people[0].id)
        token = open_session(session, user=me, now=utc_now(), hours=2).token
    return DeskRecord(
        session_token=token,
        person_id=people[0].id,
        reviewer_id=people[1].id,
        team_id=team_ids[0],
        article_id=ids[0],
        tag="برچسب ۳",
        product="محصول ۳",
        segment="گروه ۳",
        title_part="پول",
    )


def _people(database: Database) -> tuple[list[Caller], list[str]]:
    with database.transaction() as session:
        teams = [create_team(session, caller=OPERATOR, name=f"تیم {n}") for n in range(TEAMS)]
        users = [
            create_user(
                session,
                caller=OPERATOR,
                login=f"person-{n}",
                name=f"همکار {n}",
                role=Role.ADMIN if n == 0 else Role.PUBLISHER if n % 3 else Role.CONTRIBUTOR,
            )
            for n in range(PEOPLE)
        ]
        for number, user in enumerate(users):
            names = [teams[number % TEAMS].name]
            place_in_teams(session, caller=OPERATOR, user_id=user.id, names=names)
        return [caller_of_user(session, user) for user in users], [team.id for team in teams]


def _article(
    session: Session,
    number: int,
    earlier: Sequence[str],
    people: Sequence[Caller],
    team_ids: Sequence[str],
    chance: random.Random,
    sentences: Sequence[str],
) -> str:
    """One article, moved as far as its number says."""
    words = chance.sample(sentences, SENTENCES_PER_ARTICLE)
    is_translation = number % 20 == 1
    made = create_article(
        session,
        caller=OPERATOR,
        language=Language.ENGLISH if is_translation else Language.PERSIAN,
        title=f"{' '.join(words[0].split()[:8])} {number}",
        resolution="\n\n".join(words),
        audience=chance.choice(tuple(Audience)),
        issue=[" ".join(line.split()[:8]) for line in words[:3]],
        tags=[f"برچسب {_persian(chance.randrange(TAGS))}" for _ in range(3)],
        products=[f"محصول {_persian(chance.randrange(PRODUCTS))}"],
        segments=[f"گروه {_persian(chance.randrange(SEGMENTS))}"] if number % 7 == 0 else [],
        owner_id=chance.choice(people).id,
        owner_team_id=chance.choice(team_ids) if number % 3 else None,
        translates_id=earlier[-1] if is_translation and earlier else None,
    )
    if number % 100 == _OVERTAKEN:
        _release_anew(session, earlier[-1])
    reviewer_id = people[number % 5].id if number % 2 else None
    _move(session, made, number % 100, reviewer_id, words[1], chance)
    return made.id


def _move(
    session: Session, made: Article, place: int, reviewer_id: str | None, words: str, chance: random.Random
) -> None:
    """As far as one of a hundred articles at `place` has come."""
    given: dict[str, Any] = {"caller": OPERATOR, "article_id": made.id, "expected_version": None}
    if place < _WORK_IN_PROGRESS:
        return
    if place < _WORK_IN_PROGRESS + _UNDER_REVIEW:
        request_review(session, reviewer_id=reviewer_id, **given)
        return
    release_article(session, **given)
    _age(session, made, chance)
    if place >= 100 - _ARCHIVED:
        archive_article(session, **given)
    elif place >= 100 - _ARCHIVED - _REVISED:
        revise_article(session, cause=words, **given)
        if place < 100 - _ARCHIVED - _REVISED + _SCHEDULED:
            at = utc_now() + timedelta(days=chance.randint(1, 60))
            schedule_article(session, release_at=at, **given)


def _release_anew(session: Session, article_id: str) -> None:
    """Let the original go on without its translation."""
    given: dict[str, Any] = {"caller": OPERATOR, "article_id": article_id, "expected_version": None}
    revise_article(session, environment="از نسخهٔ تازه", **given)
    release_article(session, **given)


def _age(session: Session, article: Article, chance: random.Random) -> None:
    """Let it have been verified some time ago, so that some are due and some have expired."""
    now = utc_now()
    article.verified_at = None if chance.random() < 0.1 else now - timedelta(days=chance.randint(0, 260))
    article.released_at = now - timedelta(days=chance.randint(100, 600))
    article.verify_due_at = due_at(
        verified_at=article.verified_at,
        last_used_at=None,
        every_days=article.verify_every_days,
        since=now - timedelta(days=chance.randint(0, 30)),
    )
    session.flush()


def _notes(
    database: Database,
    count: int,
    people: Sequence[Caller],
    chance: random.Random,
    sentences: Sequence[str],
    progress: Progress,
) -> None:
    for numbers in _batches(range(count), PER_TRANSACTION):
        with database.transaction() as session:
            for number in numbers:
                note = capture_note(
                    session,
                    caller=people[number % PEOPLE],
                    text=" ".join(chance.sample(sentences, 5)),
                    language=Language.PERSIAN,
                    draft=number % 10 == 0,
                )
                if number % 3 == 1 and number % 10:
                    accept_note(session, caller=OPERATOR, note_id=note.id)
            session.execute(delete(Job))
        progress("notes", numbers[-1] + 1, count)


def _marks(
    database: Database,
    ids: Sequence[str],
    people: Sequence[Caller],
    chance: random.Random,
    progress: Progress,
) -> None:
    """Flags, links and findings: what people and sweeps say about articles."""
    with database.reading() as session:
        is_served = Article.released_revision_id.is_not(None), Article.state == ArticleState.VALIDATED
        served = list(session.scalars(select(Article.id).where(*is_served).order_by(Article.id)))
    flagged = chance.sample(served, len(served) // 4)
    for some in _batches(flagged, PER_TRANSACTION):
        with database.transaction() as session:
            for article_id in some:
                raise_flag(
                    session,
                    caller=chance.choice(people),
                    caller_visibility=EVERYTHING,
                    origin_kind=OriginKind.ARTICLE,
                    origin_id=article_id,
                    reason=chance.choice(tuple(FlagReason)),
                    text="این بخش دیگر درست نیست.",
                )
    progress("flags", len(flagged), len(flagged))
    used = [(id, n) for id in served[::2] for n in range(2)]
    for pairs in _batches(used, PER_TRANSACTION):
        with database.transaction() as session:
            for article_id, number in pairs:
                case = {"case_ref": f"{article_id[-6:]}-{number}", "query": "پولم کی برمی‌گردد؟"}
                link_article(session, caller=chance.choice(people), article_id=article_id, **case)
    progress("links", len(used), len(used))
    _findings(database, served, len(ids) // 10, chance)
    _spread(database, ids)


def _findings(database: Database, served: Sequence[str], count: int, chance: random.Random) -> None:
    kinds = tuple(FindingKind)
    drafts = []
    for _ in range(count):
        left, right = chance.sample(served, 2)
        both = (OriginKind.ARTICLE, left), (OriginKind.ARTICLE, right)
        drafts.append(FindingDraft(chance.choice(kinds), *both, chance.random(), {}))
    with database.transaction() as session:
        keep_findings(session, found=drafts, now=utc_now())
        for article_id in sorted({id for draft in drafts for _, id in (draft.left, draft.right)}):
            _serve(session, article_id)
        session.execute(delete(Job))


def _spread(database: Database, ids: Sequence[str]) -> None:
    """As if written over two years, and not within a minute."""
    now = utc_now()
    with database.transaction() as session:
        for number, article_id in enumerate(ids):
            at = now - timedelta(hours=(number * 7919) % 17_000)
            session.execute(update(Article).where(Article.id == article_id).values(updated_at=at))


def _serve(session: Session, article_id: str) -> None:
    """A live edition without passages: findings are about what is served, and nothing is searched here."""
    edition = stage_edition(
        session,
        origin_kind=OriginKind.ARTICLE,
        origin_id=article_id,
        fingerprint="desk",
        language=Language.PERSIAN,
        title="عنوان",
        embedder_id="none",
        analyzer_id="none",
        passages=(),
    )
    publish_edition(session, edition_id=edition.id)


def _persian(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


def _batches(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
