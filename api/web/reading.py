"""Pages to read: articles, documents, notes, transcripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Id
from api.links import page_path
from api.permissions import INSPECTING, READING, works_on_articles
from api.related import related_articles
from api.service import Service
from api.web.rendering import page, sees_more_than_the_public
from kb.article import ArticleView, article_translations, get_article, list_attachments, merged_into
from kb.article.composed import revision_text
from kb.conversation import conversation_turns, get_conversation
from kb.edition import edition_passages, live_edition
from kb.errors import Forbidden, NotFound, NotSignedIn
from kb.note import get_note, note_answers
from kb.passage import Passage
from kb.source import get_source
from kb.visibility import ANONYMOUS, Caller
from kb.vocabulary import ArticleState, OriginKind, PassageField
from search.plain import plain

router = APIRouter(include_in_schema=False)
Reader = Annotated[Caller, Depends(Admitted(READING))]

#: passages of a document on one page
_PART = 100


@dataclass(frozen=True, slots=True)
class _Section:
    """A passage on a document's page; `heading` only where it changes."""

    passage_id: str
    heading: str
    paragraphs: list[str]


@router.get("/articles/{article_id}")
def article_page(article_id: Id, request: Request, caller: Reader, service: TheService) -> Response:
    """What is served of an article; people who work on it are told what is not."""
    visibility = visibility_for(caller, service)
    with service.database.reading() as session:
        into_id = merged_into(session, article_id=article_id, caller_visibility=visibility)
        if into_id is not None:
            return RedirectResponse(page_path(OriginKind.ARTICLE, into_id), status_code=301)
        view = _article(session, article_id, caller, service)
        translations = article_translations(session, caller_visibility=visibility, article=view.article)
        attachments = list_attachments(
            session, caller_visibility=visibility, caller=caller, article_id=article_id
        )
    standing = view.translation
    return page(
        request,
        "article.html",
        article=view.article,
        revision=view.revision,
        text=revision_text(view.revision, view.article.language),
        translations=translations,
        attachments=attachments,
        related=related_articles(service, view, visibility=visibility),
        behind=standing.original_id if standing is not None and standing.is_behind else None,
        notices=_notices(view) if works_on_articles(caller) else [],
        show_audience=sees_more_than_the_public(caller, service),
    )


@router.get("/sources/{source_id}")
def source_page(
    source_id: Id,
    request: Request,
    caller: Reader,
    service: TheService,
    part: Annotated[int, Query(ge=1, le=100_000)] = 1,
    passage: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = "",
) -> Response:
    """A document's text as it was indexed, with a place to link to for every passage."""
    with service.database.reading() as session:
        source = get_source(session, source_id=source_id, caller_visibility=visibility_for(caller, service))
        edition = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=source_id)
        found = edition_passages(session, edition_id=edition.id) if edition else []
    bodies = [one for one in found if one.field is PassageField.BODY]
    position = next((i for i, one in enumerate(bodies) if one.id == passage), None)
    part = part if position is None else position // _PART + 1
    parts = max(1, -(-len(bodies) // _PART))
    shown = bodies[(part - 1) * _PART : part * _PART]
    return page(
        request,
        "source.html",
        source=source,
        sections=_sections(shown),
        part=min(part, parts),
        parts=parts,
        may_download=_may(caller, service),
        show_audience=sees_more_than_the_public(caller, service),
    )


@router.get("/notes/{note_id}")
def note_page(note_id: Id, request: Request, caller: Reader, service: TheService) -> Response:
    """A note as it was told."""
    with service.database.reading() as session:
        note = get_note(
            session, note_id=note_id, caller_visibility=visibility_for(caller, service), caller=caller
        )
        answers = note_answers(session, note_id=note_id)
    return page(
        request,
        "note.html",
        note=note,
        paragraphs=_paragraphs(note.text),
        answers=[(answer.probe, _paragraphs(answer.text)) for answer in answers if answer.text],
        show_audience=sees_more_than_the_public(caller, service),
    )


@router.get("/conversations/{conversation_id}")
def conversation_page(conversation_id: Id, request: Request, caller: Reader, service: TheService) -> Response:
    """A transcript, turn by turn."""
    with service.database.reading() as session:
        conversation = get_conversation(
            session, conversation_id=conversation_id, caller_visibility=visibility_for(caller, service)
        )
        turns = conversation_turns(session, conversation_id=conversation_id)
    return page(
        request,
        "conversation.html",
        conversation=conversation,
        turns=turns,
        show_audience=sees_more_than_the_public(caller, service),
    )


def _article(session: Session, article_id: str, caller: Caller, service: Service) -> ArticleView:
    """The released revision, as every reader sees it; for the desk, an unreleased one, too."""
    visibility = visibility_for(caller, service)
    try:
        return get_article(session, caller_visibility=visibility, caller=ANONYMOUS, article_id=article_id)
    except NotFound:
        return get_article(session, caller_visibility=visibility, caller=caller, article_id=article_id)


def _notices(view: ArticleView) -> list[str]:
    if view.article.state is ArticleState.ARCHIVED:
        return ["archived_note"]
    if not view.is_released:
        return ["unreleased_note"]
    return ["working_note"] if view.article.working_revision_id else []


def _sections(passages: Sequence[Passage]) -> list[_Section]:
    sections = []
    last: list[str] | None = None
    for passage in passages:
        heading = passage.heading_path[-1] if passage.heading_path and passage.heading_path != last else ""
        paragraphs = _paragraphs(plain(passage.text).text)
        if heading and paragraphs and paragraphs[0] == heading:
            paragraphs = paragraphs[1:]
        sections.append(_Section(passage.id, heading, paragraphs))
        last = passage.heading_path
    return sections


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _may(caller: Caller, service: Service) -> bool:
    """Whether the reader may download originals."""
    try:
        INSPECTING.check(caller, portal_public=service.settings.portal_public)
    except (Forbidden, NotSignedIn):
        return False
    return True
