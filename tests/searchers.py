"""What a searcher sees of the record, asked for in both ways that searches ask."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.edition import (
    LivePassage,
    confirmed_passages,
    live_editions,
    live_passages,
    passage_contents,
    placed_passages,
)
from kb.passage import Passage
from kb.visibility import Visibility
from kb.vocabulary import (
    Audience,
    OriginKind,
)

ALL = Visibility(frozenset(Audience))
ARTICLE = OriginKind.ARTICLE
SOURCE = OriginKind.SOURCE


def texts_seen(database: Database, visibility: Visibility = ALL) -> set[str]:
    """What a searcher sees whose index names every passage there ever was."""
    with database.reading() as session:
        ids = session.scalars(select(Passage.id)).all()
        shown = live_passages(session, passage_ids=ids, visibility=visibility)
        assert seen_by_edition(session, ids, visibility) == shown
        return {p.text for p in shown.values()}


def seen_by_edition(session: Session, ids: Sequence[str], visibility: Visibility) -> dict[str, LivePassage]:
    """The same by way of the editions, as searches ask that remember passages."""
    contents = passage_contents(session, passage_ids=ids)
    places = placed_passages(session, passage_ids=ids)
    editions = {edition_id for edition_id, _ in places.values()}
    live = live_editions(session, edition_ids=editions, visibility=visibility)
    kept = {id: edition_id for id, (edition_id, _) in places.items() if edition_id in live}
    confirmed = confirmed_passages(session, passage_ids=ids, visibility=visibility)
    assert {id: live[edition_id].confirms(places[id][1]) for id, edition_id in kept.items()} == confirmed
    shown = {id: live[edition_id].shows(contents[id]) for id, edition_id in kept.items()}
    return {
        id: replace(one, tags=list(one.tags), products=list(one.products), segments=list(one.segments))
        for id, one in shown.items()
    }
