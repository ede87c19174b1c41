"""What an import would do, file by file, before anything is done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.model import Article
from kb.article.template import ArticleTemplate
from kb.database import batches
from kb.errors import KbError, NotFound
from kb.exchange.bring import require_bringing
from kb.exchange.compare import FieldChange, article_changes, note_changes, refusals, template_changes
from kb.exchange.errors import ExchangeError, UnknownPeople
from kb.exchange.image import ArticleImage, Image, NoteImage, TemplateImage
from kb.exchange.read import article_images, note_images, template_image
from kb.exchange.roster import Roster
from kb.rights import require
from kb.visibility import Caller, visibility_of
from kb.vocabulary import ArticleState, ConflictPolicy, Role, Scope

#: the comment of revisions that came from elsewhere and were not written here
IMPORT_COMMENT = "import"
_BATCH = 200


class PlanStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    #: edited here since the file was exported
    CONFLICT = "conflict"
    #: left out on purpose, such as another language
    SKIPPED = "skipped"
    #: cannot be used as it is
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file, or one record of a file, and where it stands."""

    filename: str
    image: Image | None
    error: ExchangeError | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """What would happen with one file.

    Attributes:
        current_id: of what is here already.
        current_version: what the plan was made for: a later edit makes it stale.
    """

    filename: str
    status: PlanStatus
    image: Image | None
    title: str = ""
    changes: tuple[FieldChange, ...] = ()
    error: KbError | None = None
    reason: str = ""
    current_id: str | None = None
    current_version: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    items: tuple[PlanItem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each status; every status is there."""
        counted = Counter(item.status for item in self.items)
        return {status.value: counted.get(status, 0) for status in PlanStatus}

    def blocks(self, policy: ConflictPolicy) -> bool:
        """Whether it must not be applied: broken files, or conflicts that nobody decided on."""
        counts = self.counts
        return bool(counts["failed"] or (counts["conflict"] and policy is ConflictPolicy.FAIL))


@dataclass(slots=True)
class _Here:
    """What is in the record of what the files speak of."""

    articles: dict[str, ArticleImage] = field(default_factory=dict)
    by_external_id: dict[str, str] = field(default_factory=dict)
    notes: dict[str, NoteImage] = field(default_factory=dict)
    templates: dict[str, TemplateImage] = field(default_factory=dict)


def make_plan(session: Session, *, caller: Caller, incoming: Sequence[Incoming], roster: Roster) -> Plan:
    """Compare files with the record; nothing is changed.

    Returns:
        In the order in which it can be applied: articles before what refers to them.
    Raises:
        NotSignedIn, Forbidden: importing is for managers, and keys that administer.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    ordered = _in_order(incoming)
    coming = {one.image.id for one in ordered if isinstance(one.image, ArticleImage)}
    items: list[PlanItem] = []
    for some in batches(ordered, _BATCH):
        here = _look_up(session, [one.image for one in some if one.image is not None])
        items += [_item(session, caller, one, here, roster, coming) for one in some]
    return Plan(tuple(items))


def _item(
    session: Session, caller: Caller, one: Incoming, here: _Here, roster: Roster, coming: set[str | None]
) -> PlanItem:
    image = one.image
    if image is None:
        status = PlanStatus.SKIPPED if one.left_out else PlanStatus.FAILED
        return PlanItem(one.filename, status, None, error=one.error, reason=one.left_out)
    title = image.name if isinstance(image, TemplateImage) else image.title
    try:
        unknown = roster.unknown(image)
        if unknown:
            raise UnknownPeople(names=", ".join(unknown))
        _check_references(session, image, coming)
        match image:
            case ArticleImage():
                return _article_item(caller, one.filename, image, here, roster)
            case NoteImage():
                return _note_item(caller, one.filename, image, here)
            case TemplateImage():
                return _template_item(one.filename, image, here)
    except KbError as error:
        return PlanItem(one.filename, PlanStatus.FAILED, image, title, error=error)


def _article_item(
    caller: Caller, filename: str, image: ArticleImage, here: _Here, roster: Roster
) -> PlanItem:
    current_id = image.id if image.id in here.articles else here.by_external_id.get(image.external_id or "")
    current = None if current_id is None else here.articles.get(current_id)
    if current is None:
        require_bringing(caller, image)
        return PlanItem(filename, PlanStatus.NEW, image, image.title)
    if not visibility_of(caller, portal_public=False).allows(current):
        raise NotFound(what="article", id=current.id or "")
    changes = article_changes(image, current, roster)
    status, reason = PlanStatus.CHANGED, ""
    if not changes:
        status = PlanStatus.UNCHANGED
    elif image.version is not None and image.version != current.version:
        status, reason = (
            PlanStatus.CONFLICT,
            f"exported as version {image.version}, here it is {current.version}",
        )
    elif image.version is None and current.state is ArticleState.ARCHIVED:
        status, reason = PlanStatus.CONFLICT, "it was archived here"
    elif image.version is None and _was_edited(current) and any(_is_of_words(one) for one in changes):
        status, reason = PlanStatus.CONFLICT, "its words were edited here since they were imported"
    elif refused := refusals(image, current, changes):
        status, reason = PlanStatus.FAILED, "; ".join(refused)
    return PlanItem(filename, status, image, image.title, changes, None, reason, current.id, current.version)


def _note_item(caller: Caller, filename: str, image: NoteImage, here: _Here) -> PlanItem:
    current = here.notes.get(image.id or "")
    if current is None:
        require_bringing(caller, image)
        return PlanItem(filename, PlanStatus.NEW, image, image.title)
    if not visibility_of(caller, portal_public=False).allows(current):
        raise NotFound(what="note", id=current.id or "")
    changes = note_changes(image, current)
    status, reason = PlanStatus.CHANGED, ""
    if not changes:
        status = PlanStatus.UNCHANGED
    elif image.version is not None and image.version != current.version:
        status, reason = (
            PlanStatus.CONFLICT,
            f"exported as version {image.version}, here it is {current.version}",
        )
    elif any(change.field == "answers" for change in changes):
        status, reason = PlanStatus.FAILED, "answers are their author's, who changes them in the interview"
    return PlanItem(filename, status, image, image.title, changes, None, reason, current.id, current.version)


def _template_item(filename: str, image: TemplateImage, here: _Here) -> PlanItem:
    current = here.templates.get(image.id or "") or here.templates.get(f"name:{image.name}")
    if current is None:
        return PlanItem(filename, PlanStatus.NEW, image, image.name)
    changes = template_changes(image, current)
    if not changes:
        return PlanItem(filename, PlanStatus.UNCHANGED, image, image.name, (), None, "", current.id)
    status, reason = PlanStatus.CHANGED, ""
    if image.version is not None and image.version != current.version:
        status, reason = (
            PlanStatus.CONFLICT,
            f"exported as version {image.version}, here it is {current.version}",
        )
    return PlanItem(filename, status, image, image.name, changes, None, reason, current.id, current.version)


def _was_edited(current: ArticleImage) -> bool:
    return (current.working or current.words).comment != IMPORT_COMMENT


def _is_of_words(change: FieldChange) -> bool:
    return change.field.removeprefix("working.") in ("title", "environment", "resolution", "cause")


def _check_references(session: Session, image: Image, coming: set[str | None]) -> None:
    for reference in image.references:
        if reference not in coming and session.get(Article, reference) is None:
            raise NotFound(what="article", id=reference)


def _look_up(session: Session, images: Iterable[Image]) -> _Here:
    here = _Here()
    articles = [one for one in images if isinstance(one, ArticleImage)]
    external_ids = {one.external_id for one in articles} - {None}
    rows = session.execute(
        select(Article.external_id, Article.id).where(Article.external_id.in_(external_ids))
    )
    here.by_external_id = {external_id: article_id for external_id, article_id in rows if external_id}
    ids = {one.id for one in articles if one.id is not None} | set(here.by_external_id.values())
    for article in article_images(session, sorted(ids)):
        here.articles[article.id or ""] = article
    note_ids = {one.id for one in images if isinstance(one, NoteImage) and one.id is not None}
    for note in note_images(session, sorted(note_ids)):
        here.notes[note.id or ""] = note
    if any(isinstance(one, TemplateImage) for one in images):
        for template in map(template_image, session.scalars(select(ArticleTemplate))):
            here.templates |= {template.id or "": template, f"name:{template.name}": template}
    return here


def _in_order(incoming: Sequence[Incoming]) -> list[Incoming]:
    """Articles after those that they translate or were merged into, then notes, then templates.

    What refers to one another in a circle keeps the order of the files; bringing it in says what is missing.
    """
    articles: Mapping[str | None, Incoming] = {
        one.image.id: one for one in incoming if isinstance(one.image, ArticleImage) and one.image.id
    }
    placed: dict[int, Incoming] = {}

    def place(one: Incoming) -> None:
        # A chain of references can be as long as the import: no recursion.
        waiting = [one]
        entered: set[int] = set()
        while waiting:
            last = waiting[-1]
            before = [
                articles[reference]
                for reference in (last.image.references if last.image is not None else ())
                if reference in articles
                and id(articles[reference]) not in placed
                and id(articles[reference]) not in entered
            ]
            entered.add(id(last))
            if before:
                waiting.append(before[0])
            else:
                placed.setdefault(id(last), waiting.pop())

    for kind in (ArticleImage, NoteImage, TemplateImage, type(None)):
        for one in incoming:
            if isinstance(one.image, kind):
                place(one)
    return list(placed.values())
