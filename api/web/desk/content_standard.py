"""The content standard of a revision as the article's page shows it: findings, and what people said."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.checklist import CheckedItem, checklist_of
from api.dependencies import visibility_for
from api.service import Service
from codify.standard import DECIDED_BY_MACHINE, Remark
from kb.article import ArticleRevision, ArticleView
from kb.article.checklist import ChecklistTick
from kb.errors import MessageLanguage
from kb.people import person_names
from kb.visibility import Caller
from kb.vocabulary import ContentItem

MET, UNMET = "met", "unmet"
_QUOTED_CHARS = 140


@dataclass(frozen=True, slots=True)
class Finding:
    """What a machine found against an item; `field` is "" where it is about the article as a whole."""

    message: str
    field: str
    quote: str


@dataclass(frozen=True, slots=True)
class StandardItem:
    """One item with its part of the form."""

    name: str
    #: whether that is for a person to say, and not for a machine to find
    is_for_people: bool
    is_met: bool | None
    by_machine: bool | None
    findings: tuple[Finding, ...]
    #: None: nobody said anything
    tick: ChecklistTick | None
    #: who ticked; "" where that is not known
    by: str
    #: what the form shows: `met`, `unmet` or "", and the comment
    said: str
    comment: str


@dataclass(frozen=True, slots=True)
class Standard:
    """Every item of one revision.

    Attributes:
        seen: what people had said when this was read; `stamp_of`.
    """

    revision: int
    items: tuple[StandardItem, ...]
    seen: str

    def count(self, is_met: bool | None) -> int:
        return sum(one.is_met is is_met for one in self.items)


def standard_of(
    service: Service,
    *,
    view: ArticleView,
    caller: Caller,
    language: MessageLanguage,
    typed: Mapping[str, str],
) -> Standard:
    """The content standard of the revision of `view`.

    Args:
        typed: fields of the form as they were sent, where it was refused.
    """
    checked = checklist_of(
        service,
        view=view,
        visibility=visibility_for(caller, service),
        base_url=service.settings.public_url,
    )
    ticks = {one.item: one.tick for one in checked if one.tick is not None}
    with service.database.reading() as session:
        names = person_names(session, [tick.ticked_by for tick in ticks.values()])
    items = tuple(_item(one, view.revision, names, language, typed) for one in checked)
    return Standard(view.revision.number, items, stamp_of(ticks))


def stamp_of(ticks: Mapping[ContentItem, ChecklistTick]) -> str:
    """Equal only where nobody ticked anything, or took it back, in between."""
    last = max((tick.ticked_at.isoformat() for tick in ticks.values()), default="")
    return f"{len(ticks)} {last}"


def _item(
    checked: CheckedItem,
    revision: ArticleRevision,
    names: Mapping[str, str],
    language: MessageLanguage,
    typed: Mapping[str, str],
) -> StandardItem:
    tick, name = checked.tick, checked.item.value
    kept = ("", "") if tick is None else (MET if tick.is_met else UNMET, tick.comment)
    return StandardItem(
        name=name,
        is_for_people=checked.item not in DECIDED_BY_MACHINE,
        is_met=checked.is_met,
        by_machine=checked.by_machine,
        findings=tuple(_finding(one, revision, language) for one in checked.remarks),
        tick=tick,
        by=names.get(tick.ticked_by or "", "") if tick else "",
        said=typed.get(f"said_{name}", kept[0]),
        comment=typed.get(f"comment_{name}", kept[1]),
    )


def _finding(remark: Remark, revision: ArticleRevision, language: MessageLanguage) -> Finding:
    quote = ""
    if remark.start is not None:
        quote = " ".join(getattr(revision, remark.field)[remark.start : remark.end].split())
    if len(quote) > _QUOTED_CHARS:
        quote = quote[: _QUOTED_CHARS - 1] + "…"
    return Finding(remark.fa if language == "fa" else remark.en, remark.field, quote)
