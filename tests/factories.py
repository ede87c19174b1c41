"""Short ways to real rows, for tests whose subject is something else."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from kb.article import Article, create_article, release_article
from kb.clock import new_id, utc_now
from kb.edition import publish_edition, stage_edition
from kb.note import Note, accept_note, capture_note
from kb.passage import Edition, PassageDraft
from kb.source import Source, store_source
from kb.user import User
from kb.visibility import OPERATOR, Caller, CallerKind
from kb.vocabulary import Audience, Language, OriginKind, PassageField, Role, Scope
from search.index import SCHEMA_VERSION, IndexState

EMBEDDER = "test-embedder"
ANALYZER = "test-analyzer"
#: with and without ZWNJ, Arabic and Persian letters, digits of both scripts
PERSIAN = "برای بازگرداندن کالا تا ۷ روز فرصت دارید؛ هزینهٔ ارسال با فروشگاه است و نیازی به فاکتور نیست."


def index_state(dimension: int) -> IndexState:
    """What an index of vectors with so many numbers was built with."""
    return IndexState(
        schema_version=SCHEMA_VERSION,
        embedder_id="model/1",
        analyzer_id="analyzer/1",
        dimension=dimension,
        average_terms=10.0,
        average_grams=40.0,
        built_at="2026-01-01T00:00:00Z",
    )


def make_person(session: Session, *, role: Role = Role.AGENT, login: str = "") -> Caller:
    """A person in the record, as a caller."""
    user = User(
        id=new_id(),
        login=login or f"{role.value}-{uuid.uuid4().hex[:8]}",
        name="نگار",
        role=role,
        language=Language.PERSIAN,
        email="",
        password_hash=None,
        oidc_subject=None,
        active=True,
        version=1,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    return Caller(kind=CallerKind.PERSON, id=user.id, role=role, language="fa")


def make_key(*scopes: Scope, ceiling: Audience | None = Audience.PUBLIC) -> Caller:
    """An API key as a caller; there is no row behind it."""
    return Caller(kind=CallerKind.KEY, id=new_id(), scopes=frozenset(scopes), audience_ceiling=ceiling)


def make_article(
    session: Session, *, released: bool = False, caller: Caller = OPERATOR, **fields: Any
) -> Article:
    """An article about returning goods, internal unless told otherwise."""
    values: dict[str, Any] = {
        "language": Language.PERSIAN,
        "title": "بازگرداندن کالا",
        "resolution": PERSIAN,
        "audience": Audience.INTERNAL,
    }
    article = create_article(session, caller=caller, **(values | fields))
    if released:
        release_article(session, caller=OPERATOR, article_id=article.id, expected_version=1)
    return article


def make_source(session: Session, *, data: bytes = b"", caller: Caller = OPERATOR, **fields: Any) -> Source:
    """A plain text source with bytes of its own."""
    name = f"{uuid.uuid4().hex}.txt"
    values: dict[str, Any] = {
        "locator": f"upload:{name}",
        "filename": name,
        "audience": Audience.INTERNAL,
        "data": data or name.encode(),
    }
    return store_source(session, caller=caller, **(values | fields)).source


def make_note(session: Session, *, accepted: bool = False, **fields: Any) -> Note:
    """A note of the operator's, internal unless told otherwise."""
    values: dict[str, Any] = {"text": PERSIAN, "language": Language.PERSIAN}
    note = capture_note(session, caller=OPERATOR, **(values | fields))
    if accepted:
        accept_note(session, caller=OPERATOR, note_id=note.id)
    return note


def make_drafts(*texts: str, vectors: bool = True) -> list[PassageDraft]:
    """Body passages that follow one another."""
    drafts: list[PassageDraft] = []
    start = 0
    for text in texts:
        text_hash = hashlib.sha256(text.encode()).hexdigest()
        packed = text_hash.encode()
        drafts.append(
            PassageDraft(
                field=PassageField.BODY,
                start=start,
                end=start + len(text),
                heading_path=("راهنما",),
                text=text,
                indexed_text=text,
                text_hash=text_hash,
                vectors={EMBEDDER: packed, ANALYZER: packed} if vectors else {},
            )
        )
        start += len(text)
    return drafts


def stage(
    session: Session,
    kind: OriginKind,
    origin_id: str,
    texts: Sequence[str] = (PERSIAN,),
    *,
    fingerprint: str = "f",
    vectors: bool = True,
) -> Edition:
    """A staged edition of an origin that is in the record and served."""
    return stage_edition(
        session,
        origin_kind=kind,
        origin_id=origin_id,
        fingerprint=fingerprint,
        language=Language.PERSIAN,
        title="بازگرداندن کالا",
        embedder_id=EMBEDDER,
        analyzer_id=ANALYZER,
        passages=make_drafts(*texts, vectors=vectors),
    )


def publish(session: Session, kind: OriginKind, origin_id: str, texts: Sequence[str] = (PERSIAN,)) -> Edition:
    """A live edition of such an origin."""
    edition = stage(session, kind, origin_id, texts)
    assert publish_edition(session, edition_id=edition.id)
    return edition
