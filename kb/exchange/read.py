"""Reads the record as images, in the order of ids: what an export writes, and what an import compares with.

An export for partners or the public holds what they would see, and nothing of how it came about: served
revisions only, no people, comments, origins, schedules or use.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kb.article.attachment import Attachment
from kb.article.model import Article, ArticleRevision
from kb.article.template import ArticleTemplate
from kb.database import batches
from kb.exchange.image import (
    AnswerImage,
    ArticleImage,
    AttachmentImage,
    NoteImage,
    PeopleImage,
    PersonImage,
    RevisionImage,
    TemplateImage,
    field_names,
    files_extension,
)
from kb.note.model import Note, NoteAnswer
from kb.rights import require
from kb.sight import visible
from kb.team import Team, team_names_of
from kb.user import User
from kb.visibility import EVERYTHING, Caller, Visibility, visibility_of
from kb.vocabulary import ArticleState, Audience, NoteState, Role, Scope

_BATCH = 200

#: what readers outside may know of an article
_OUTSIDE_ARTICLE = frozenset(
    [
        "id",
        "version",
        "language",
        "audience",
        "state",
        "tags",
        "products",
        "segments",
        "issue",
        "translation_group",
        "translates",
        "released",
        "released_at",
        "verified_at",
        "attachments",
        "words",
    ]
)
_OUTSIDE_NOTE = frozenset(["id", "version", "language", "audience", "state", "tags", "products", "segments"])


@dataclass(frozen=True, slots=True)
class ExportScope:
    """What is exported: what `visibility` allows, in any of `states` where some are named."""

    visibility: Visibility = EVERYTHING
    states: frozenset[ArticleState] = field(default_factory=frozenset)

    @property
    def is_outside(self) -> bool:
        """Whether it is for readers who see no internal knowledge."""
        return not self.visibility.allows_audience(Audience.INTERNAL)


def export_scope(
    caller: Caller,
    *,
    audience: Audience | None = None,
    segments: Iterable[str] = (),
    states: Iterable[ArticleState] = (),
) -> ExportScope:
    """What of their own `caller` may export.

    Args:
        audience: the ceiling: what readers of that audience see; None: the caller's own.
        segments: with a partner or public ceiling: customer segments whose knowledge is exported, too.
    Raises:
        NotSignedIn, Forbidden: it is for managers, and keys that administer.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    visibility = visibility_of(caller, portal_public=False)
    if audience is not None:
        visibility = visibility.up_to(audience)
    if Audience.INTERNAL not in visibility.audiences:
        # As any reader out there: knowledge for some customers is not for all of them.
        wanted = frozenset(segments)
        allowed = wanted if visibility.segments is None else visibility.segments & wanted
        visibility = replace(visibility, segments=allowed)
    return ExportScope(visibility, frozenset(states))


def exported_article_ids(session: Session, scope: ExportScope) -> list[str]:
    """The articles of an export, by id."""
    return list(
        session.scalars(select(Article.id).where(*_article_conditions(session, scope)).order_by(Article.id))
    )


def exported_note_ids(session: Session, scope: ExportScope) -> list[str]:
    """The notes of an export, by id: no drafts, which are their authors'; none where states are named."""
    if scope.states:
        return []
    served = [NoteState.ACCEPTED] if scope.is_outside else list(set(NoteState) - {NoteState.DRAFT})
    statement = select(Note.id).where(visible(session, Note, scope.visibility), Note.state.in_(served))
    return list(session.scalars(statement.order_by(Note.id)))


def article_images(
    session: Session, ids: Sequence[str], *, scope: ExportScope | None = None
) -> Iterator[ArticleImage]:
    """These articles, in the order given; what is not there is left out.

    Args:
        scope: hides what it does not cover, and references to articles that are not among `ids`.
    """
    known = frozenset(ids)
    for some in batches(ids, _BATCH):
        reading = _Reading(session, some)
        for article_id in some:
            if article_id in reading.articles:
                image = reading.image(reading.articles[article_id])
                yield image if scope is None else _within(image, scope, known)


def note_images(
    session: Session,
    ids: Sequence[str],
    *,
    scope: ExportScope | None = None,
    article_ids: Iterable[str] = (),
) -> Iterator[NoteImage]:
    """These notes with their answers, in the order given; `scope` as for articles."""
    known = frozenset(article_ids)
    for some in batches(ids, _BATCH):
        notes = {note.id: note for note in session.scalars(select(Note).where(Note.id.in_(some)))}
        logins = _logins(session, {note.author_id for note in notes.values()})
        answers: dict[str, list[AnswerImage]] = {note_id: [] for note_id in notes}
        statement = select(NoteAnswer).where(NoteAnswer.note_id.in_(some)).order_by(NoteAnswer.number)
        for answer in session.scalars(statement):
            answers[answer.note_id].append(
                AnswerImage(answer.element, answer.probe, answer.text, answer.number, answer.answered_at)
            )
        for note_id in some:
            if note_id in notes:
                image = _note_image(notes[note_id], logins, tuple(answers[note_id]))
                yield image if scope is None else _note_within(image, scope, known)


def template_images(session: Session, *, scope: ExportScope) -> Iterator[TemplateImage]:
    """Every template, by id; none for readers outside."""
    if scope.is_outside or scope.states:
        return
    for template in session.scalars(select(ArticleTemplate).order_by(ArticleTemplate.id)):
        yield template_image(template)


def template_image(template: ArticleTemplate) -> TemplateImage:
    return TemplateImage(
        name=template.name,
        title=template.title,
        environment=template.environment,
        resolution=template.resolution,
        cause=template.cause,
        id=template.id,
        version=template.version,
        language=template.language,
        tags=tuple(template.tags),
        created_at=template.created_at,
        updated_at=template.updated_at,
        given=field_names(TemplateImage),
    )


def people_image(session: Session, logins: Iterable[str], teams: Iterable[str]) -> PeopleImage:
    """People by login, and teams by name."""
    users: list[User] = []
    for some in batches(sorted(set(logins)), _BATCH):
        users += session.scalars(select(User).where(User.login.in_(some)).order_by(User.login))
    names_of = {
        user_id: names
        for some in batches([user.id for user in users], _BATCH)
        for user_id, names in team_names_of(session, some).items()
    }
    people = [PersonImage(user.login, user.name, user.language, tuple(names_of[user.id])) for user in users]
    return PeopleImage(tuple(people), tuple(sorted(set(teams))))


def _article_conditions(session: Session, scope: ExportScope) -> list[ColumnElement[bool]]:
    conditions = [visible(session, Article, scope.visibility)]
    if scope.is_outside:
        conditions += [Article.released_revision_id.is_not(None), Article.state != ArticleState.ARCHIVED]
    if scope.states:
        conditions.append(Article.state.in_(sorted(scope.states)))
    return conditions


class _Reading:
    """A batch of articles with what belongs to them, in a handful of queries."""

    def __init__(self, session: Session, ids: Sequence[str]) -> None:
        self.articles = {one.id: one for one in session.scalars(select(Article).where(Article.id.in_(ids)))}
        shown = {
            revision_id
            for one in self.articles.values()
            for revision_id in (one.released_revision_id, one.working_revision_id)
            if revision_id is not None
        }
        self._revisions: dict[str, ArticleRevision] = {}
        for some in batches(sorted(shown)):
            found = session.scalars(select(ArticleRevision).where(ArticleRevision.id.in_(some)))
            self._revisions.update((revision.id, revision) for revision in found)
        self._attachments: dict[str, list[Attachment]] = {}
        attached = select(Attachment).where(Attachment.article_id.in_(ids)).order_by(Attachment.id)
        for one_file in session.scalars(attached):
            self._attachments.setdefault(one_file.article_id, []).append(one_file)
        people = {one.owner_id for one in self.articles.values()}
        people |= {one.scheduled_by for one in self.articles.values()}
        people |= {revision.author_id for revision in self._revisions.values()}
        people |= {one.created_by for some in self._attachments.values() for one in some}
        self._logins = _logins(session, people)
        team_ids = {one.owner_team_id for one in self.articles.values()} - {None}
        teams = session.scalars(select(Team).where(Team.id.in_(team_ids)))
        self._teams: dict[str | None, str] = {team.id: team.name for team in teams}

    def image(self, article: Article) -> ArticleImage:
        served = article.released_revision_id
        working = article.working_revision_id
        return ArticleImage(
            words=self._revision(served or working),
            id=article.id,
            version=article.version,
            external_id=article.external_id,
            language=article.language,
            audience=article.audience,
            state=article.state,
            governance=article.governance,
            owner=self._logins.get(article.owner_id),
            team=self._teams.get(article.owner_team_id),
            tags=tuple(article.tags),
            products=tuple(article.products),
            segments=tuple(article.segments),
            issue=tuple(article.issue),
            translation_group=article.translation_group,
            translates=article.translates_id,
            translates_number=article.translates_number,
            merged_into=article.merged_into_id,
            released=served is not None,
            released_at=article.released_at,
            verify_every_days=article.verify_every_days,
            verified_at=article.verified_at,
            verify_due_at=article.verify_due_at,
            release_at=article.release_at,
            archive_at=article.archive_at,
            scheduled_by=self._logins.get(article.scheduled_by),
            use_count=article.use_count,
            last_used_at=article.last_used_at,
            created_at=article.created_at,
            updated_at=article.updated_at,
            attachments=tuple(self._attachment(one) for one in self._attachments.get(article.id, ())),
            working=self._revision(working) if served is not None and working is not None else None,
            given=field_names(ArticleImage),
        )

    def _revision(self, revision_id: str | None) -> RevisionImage:
        assert revision_id is not None  # an article begins with a working revision
        revision = self._revisions[revision_id]
        return RevisionImage(
            title=revision.title,
            environment=revision.environment,
            resolution=revision.resolution,
            cause=revision.cause,
            number=revision.number,
            comment=revision.comment,
            author=self._logins.get(revision.author_id),
            cites=tuple((str(cite["kind"]), str(cite["id"])) for cite in revision.cites),
            created_at=revision.created_at,
        )

    def _attachment(self, attachment: Attachment) -> AttachmentImage:
        extension = files_extension(attachment.filename)
        return AttachmentImage(
            id=attachment.id,
            filename=attachment.filename,
            media_type=attachment.media_type,
            sha256=attachment.sha256,
            size_bytes=attachment.size_bytes,
            path=f"attachments/{attachment.article_id}/{attachment.id}{extension}",
            author=self._logins.get(attachment.created_by),
            created_at=attachment.created_at,
        )


def _logins(session: Session, user_ids: Iterable[str | None]) -> dict[str | None, str]:
    wanted = sorted({user_id for user_id in user_ids if user_id is not None})
    logins: dict[str | None, str] = {}
    for some in batches(wanted):
        rows = session.execute(select(User.id, User.login).where(User.id.in_(some)))
        logins.update((user_id, login) for user_id, login in rows)
    return logins


def _note_image(note: Note, logins: dict[str | None, str], answers: tuple[AnswerImage, ...]) -> NoteImage:
    return NoteImage(
        text=note.text,
        id=note.id,
        version=note.version,
        language=note.language,
        audience=note.audience,
        state=note.state,
        author=logins.get(note.author_id),
        tags=tuple(note.tags),
        products=tuple(note.products),
        segments=tuple(note.segments),
        article=note.article_id,
        created_at=note.created_at,
        updated_at=note.updated_at,
        answers=answers,
        given=field_names(NoteImage),
    )


def _within(image: ArticleImage, scope: ExportScope, known: frozenset[str]) -> ArticleImage:
    """`image` without what leads out of the export, and without what readers outside may not know."""
    # What is hidden is not stated either: imported again, it stays as it is.
    if image.translates is not None and image.translates not in known:
        given = image.given - {"translates", "translates_number"}
        image = replace(image, translates=None, translates_number=None, given=given)
    if image.merged_into is not None and image.merged_into not in known:
        image = replace(image, merged_into=None, given=image.given - {"merged_into"})
    if not scope.is_outside:
        return image
    words = RevisionImage(
        title=image.words.title,
        environment=image.words.environment,
        resolution=image.words.resolution,
        cause=image.words.cause,
        number=image.words.number,
    )
    files = tuple(replace(one, author=None) for one in image.attachments)
    return replace(
        image,
        words=words,
        attachments=files,
        owner=None,
        team=None,
        scheduled_by=None,
        working=None,
        given=_OUTSIDE_ARTICLE & image.given,
    )


def _note_within(image: NoteImage, scope: ExportScope, known: frozenset[str]) -> NoteImage:
    if image.article is not None and image.article not in known:
        image = replace(image, article=None, given=image.given - {"article"})
    if not scope.is_outside:
        return image
    return replace(image, author=None, article=None, given=_OUTSIDE_NOTE | {"text", "answers"})
