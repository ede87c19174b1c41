"""Articles in every state, for everybody and for few, with different words in every revision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cli.proving.planted import Bed, Reach, Thing
from cli.proving.sowing import Garden, Place, thing
from kb.article import archive_article, change_article, create_article, release_article, revise_article
from kb.article.checklist import tick_item
from kb.article.merge import merge_article
from kb.article.schedule import move_when_due, schedule_article
from kb.clock import utc_now
from kb.learnt_query import learn_query
from kb.visibility import OPERATOR, Caller
from kb.vocabulary import Audience, ContentItem, Language, OriginKind
from search.learnt import learnt_words

_FAR = datetime(2999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """How an article came to be where it is.

    Args:
        served: whether readers are served its last released revision at the end.
        withdrawn: what takes it from readers, once it was indexed.
        working: whether a newer revision waits.
        former: whether an older one was served before.
    """

    name: str
    served: bool
    released: bool = True
    working: bool = False
    former: bool = False
    common: bool = False
    withdrawn: Callable[[Session, str, "Garden"], None] | None = None


def _archive(session: Session, article_id: str, _garden: Garden) -> None:
    archive_article(session, caller=OPERATOR, article_id=article_id, expected_version=None)


def _expire(session: Session, article_id: str, _garden: Garden) -> None:
    at = utc_now() + timedelta(days=1)
    schedule_article(session, caller=OPERATOR, article_id=article_id, expected_version=None, archive_at=at)
    move_when_due(session, article_id=article_id, now=at + timedelta(seconds=1))


def _merge(session: Session, article_id: str, garden: Garden) -> None:
    """Into what everybody reads: the widest audience must not inherit its words."""
    into = widest(garden)
    merge_article(session, caller=OPERATOR, article_id=article_id, expected_version=None, into_id=into.id)


STATES = (
    State("released", served=True, former=True, common=True),
    State("unreleased", served=False, released=False),
    State("scheduled", served=False, released=False),
    State("revised", served=True, working=True),
    State("archived", served=False, withdrawn=_archive),
    State("expired", served=False, withdrawn=_expire),
    State("merged", served=False, withdrawn=_merge),
)


def plant_articles(garden: Garden) -> None:
    """Every state in every place; what is withdrawn was indexed before."""
    withdrawn = []
    for state in STATES:
        for place in garden.places(common=state.common):
            with garden.database.transaction() as session:
                article = _article(session, garden, state, place)
            if state.withdrawn is not None:
                withdrawn.append((article, state.withdrawn))
    with garden.database.transaction() as session:
        for place in garden.places(common=True):
            _translation(session, garden, place)
    garden.work()
    for article, withdraw in withdrawn:
        with garden.database.transaction() as session:
            withdraw(session, article.id, garden)
    garden.work()


def _article(session: Session, garden: Garden, state: State, place: Place) -> Thing:
    bed = garden.bed()
    served = Reach.SERVED if state.served else Reach.DESK
    first = Reach.DESK if state.former else served
    article = create_article(
        session,
        caller=OPERATOR,
        language=Language.PERSIAN,
        audience=place.audience,
        issue=[f"چرا {bed.sow('an issue line', _led_by(state, place))} کار نمی‌کند؟"],
        tags=[bed.sow("a tag", served)],
        cites=[],
        **place.facets(bed, served),
        **_words(
            bed,
            first,
            "former revision" if state.former else "first revision",
            title=Reach.DESK if state.former else _led_by(state, place),
        ),
    )
    if state.released:
        release_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
    if state.former:
        _revise(session, article.id, bed, Reach.SERVED, "released revision")
        release_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
        # Whoever owns it now has not verified it: it waits for upkeep.
        change_article(
            session,
            caller=OPERATOR,
            article_id=article.id,
            expected_version=None,
            owner_id=garden.author.id,
        )
    if state.working:
        _revise(session, article.id, bed, Reach.DESK, "working revision")
    if state.name == "scheduled":
        schedule_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, release_at=_FAR
        )
    tick_item(
        session,
        caller=OPERATOR,
        article_id=article.id,
        revision_number=2 if state.former or state.working else 1,
        item=ContentItem.CLEAR,
        is_met=False,
        comment=f"{bed.sow('a tick', Reach.DESK)} روشن نیست.",
    )
    if state.served:
        _learn(session, garden, bed, article.id)
    # A merged one leads its readers on, so they may know of it.
    reach = Reach.SERVED if state.served or state.name == "merged" else Reach.DESK
    garden.world.extra[article.id, "number"] = "1"
    garden.world.extra[article.id, "move"] = "verify"
    return bed.claim(thing("article", article.id, f"{state.name} article", place, reach))


def widest(garden: Garden) -> Thing:
    """The released article that everybody reads."""
    return next(one for one in garden.world.of_kind("article") if one.label == "released article (public)")


def _translation(session: Session, garden: Garden, place: Place) -> None:
    """Of what everybody reads, for those who may read this."""
    bed = garden.bed()
    article = create_article(
        session,
        caller=OPERATOR,
        language=Language.ENGLISH,
        audience=place.audience,
        title=f"How to fix {bed.sow('the title', Reach.SERVED)}",
        resolution=f"Switch {bed.sow('the resolution', Reach.SERVED)} off and on.",
        translates_id=widest(garden).id,
        **place.facets(bed, Reach.SERVED),
    )
    release_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
    bed.claim(thing("article", article.id, "translated article", place, Reach.SERVED))


def _led_by(state: State, place: Place) -> Reach:
    """Of title and issue lines: a merged one's lead to where it went, if no more people read that."""
    inherited = state.name == "merged" and place.is_plain and place.audience is Audience.PUBLIC
    return Reach.SERVED if state.served or inherited else Reach.DESK


def _words(bed: Bed, reach: Reach, which: str, *, title: Reach | None = None) -> dict[str, Any]:
    def sow(part: str, reach: Reach = reach) -> str:
        return bed.sow(f"{part} ({which})", reach)

    return {
        "title": f"راهنمای {sow('the title', title or reach)}",
        "environment": f"در نسخهٔ {sow('the environment')}.",
        "resolution": (
            f"برای رفع مشکل، {sow('the resolution')} را روشن کنید.\n\n"
            f"## {sow('a heading')}\n\n1. منو را باز کنید.\n2. {sow('a step')} را بزنید."
        ),
        "cause": f"علت، خرابی {sow('the cause')} است.",
        "comment": f"به‌خاطر {sow('the comment', Reach.DESK)}",
    }


def _revise(session: Session, article_id: str, bed: Bed, reach: Reach, which: str) -> None:
    revise_article(
        session,
        caller=OPERATOR,
        article_id=article_id,
        expected_version=None,
        **_words(bed, reach, which),
    )


def _learn(session: Session, garden: Garden, bed: Bed, article_id: str) -> None:
    """What two people asked leads others there; what one person asked is nobody's business."""
    agent, contributor = garden.people["agent"], garden.people["contributor"]

    def say(words: str, *callers: Caller) -> None:
        learnt = learnt_words(words)
        for caller in callers:
            learn_query(
                session,
                caller=caller,
                origin_kind=OriginKind.ARTICLE,
                origin_id=article_id,
                text=learnt.text,
                folded=learnt.folded,
            )

    say(f"{bed.sow('a learnt query', Reach.SERVED)} چیست", agent, contributor)
    say(f"{bed.sow('a query of one person', Reach.NOBODY)} کجاست", agent)
