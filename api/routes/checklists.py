"""The content standard of an article's revision: what a machine finds, what people say."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field

from api.checklist import CheckedItem, checklist_of
from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.fields import Body, Id, ShortText, Shown
from api.permissions import DESK, WRITING
from api.service import Service
from kb.article import ArticleView, get_article
from kb.article.checklist import tick_item
from kb.errors import MessageLanguage
from kb.visibility import Caller
from kb.vocabulary import ContentItem

router = APIRouter(prefix="/v1/articles/{article_id}/checklist", tags=["articles"])
Desk = Annotated[Caller, Depends(Admitted(DESK))]
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
_Number = Annotated[int, Field(ge=1, le=1_000_000)]


class Tick(Body):
    """Whether a person finds an item met; null takes that back."""

    is_met: bool | None
    comment: ShortText = ""


class Ticks(Body):
    """What a person says about a revision; items that are not named stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"revision": 1, "items": {"clear": {"is_met": True}, "title": {"is_met": False}}},
                {"revision": 2, "items": {"complete": {"is_met": False, "comment": "هزینه نوشته نشده"}}},
            ]
        }
    )

    revision: _Number = Field(description="Its number: what was looked at")
    items: dict[ContentItem, Tick]


class RemarkShown(Shown):
    """What a machine found against an item."""

    code: str
    message: str = Field(description="In the caller's language")
    field: str = Field(description="`resolution`, `title` ...; empty: the article as a whole")
    start: int | None = Field(description="Where in the field, in code points; null: all of it")
    end: int | None


class TickShown(Shown):
    is_met: bool
    comment: str
    ticked_by: str | None
    ticked_at: datetime


class ItemShown(Shown):
    """One item of the content standard."""

    item: ContentItem
    is_met: bool | None = Field(
        description="What a person said, else what the machine says; null: nobody yet"
    )
    by_machine: bool | None = Field(description="null: that is for a person to say")
    remarks: list[RemarkShown]
    tick: TickShown | None


class Checklist(Shown):
    article_id: str
    revision: int
    items: list[ItemShown]
    is_met: bool | None = Field(
        description="Whether every item is; null: some are not decided, none is unmet"
    )


@router.get("", operation_id="readChecklist", summary="The content standard / فهرست کیفیت")
def read(
    article_id: Id,
    caller: Desk,
    service: TheService,
    language: ReaderLanguage,
    revision: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="Its number; the newest unless given")
    ] = None,
) -> Checklist:
    """Every item for a revision: remarks of the machine with their places, and what people said."""
    return _answer(_view(service, caller, article_id, revision), caller, service, language)


@router.put("", operation_id="tickChecklist", summary="Tick items / علامت زدن")
def tick(
    article_id: Id, ticks: Ticks, caller: Writer, service: TheService, language: ReaderLanguage
) -> Checklist:
    """Say which items a revision meets; a newer revision begins without ticks."""
    view = _view(service, caller, article_id, ticks.revision)
    with service.database.transaction() as session:
        for item, said in ticks.items.items():
            tick_item(
                session,
                caller=caller,
                article_id=article_id,
                revision_number=ticks.revision,
                item=item,
                is_met=said.is_met,
                comment=said.comment,
            )
    return _answer(view, caller, service, language)


def _view(service: Service, caller: Caller, article_id: str, number: int | None) -> ArticleView:
    with service.database.reading() as session:
        return get_article(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
            revision_number=number,
        )


def _answer(view: ArticleView, caller: Caller, service: Service, language: MessageLanguage) -> Checklist:
    items = checklist_of(
        service,
        view=view,
        visibility=visibility_for(caller, service),
        base_url=service.settings.public_url,
    )
    met = [item.is_met for item in items]
    return Checklist(
        article_id=view.article.id,
        revision=view.revision.number,
        items=[_shown(item, language) for item in items],
        is_met=False if False in met else (None if None in met else True),
    )


def _shown(checked: CheckedItem, language: MessageLanguage) -> ItemShown:
    tick = checked.tick
    return ItemShown(
        item=checked.item,
        is_met=checked.is_met,
        by_machine=checked.by_machine,
        remarks=[
            RemarkShown(
                code=remark.code,
                message=remark.fa if language == "fa" else remark.en,
                field=remark.field,
                start=remark.start,
                end=remark.end,
            )
            for remark in checked.remarks
        ],
        tick=None
        if tick is None
        else TickShown(
            is_met=tick.is_met, comment=tick.comment, ticked_by=tick.ticked_by, ticked_at=tick.ticked_at
        ),
    )
