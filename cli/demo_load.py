"""Puts the demo into the record through the same verbs as everybody; what is there already is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo_files import DemoContent, DemoFile
from kb.article import Article, change_article, create_article, release_article
from kb.conversation import TurnDraft, import_conversation
from kb.note import Note, accept_note, capture_note
from kb.user import User, create_user
from kb.visibility import OPERATOR
from kb.vocabulary import ArticleState, Audience, Channel, Language, NoteState, OriginKind, Role, Speaker
from search.personal import mask_personal

Origin = tuple[OriginKind, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The demo's origins: those that were added, and those that were there before."""

    added: tuple[Origin, ...]
    present: tuple[Origin, ...]

    @property
    def ids(self) -> list[str]:
        return [origin_id for _, origin_id in (*self.added, *self.present)]


def load_demo(session: Session, content: DemoContent) -> Loaded:
    """Everything that is missing, in the caller's transaction: all of it or nothing.

    An article is known by its translation group and language, a note by its words, a transcript by its id.
    """
    people = {person["id"]: _person(session, person) for person in content.people}
    found: list[tuple[Origin, bool]] = []
    found += [_article(session, file, people) for file in content.articles]
    found += [_note(session, file, people) for file in content.notes]
    found += [_conversation(session, file) for file in content.conversations]
    return Loaded(
        added=tuple(origin for origin, is_new in found if is_new),
        present=tuple(origin for origin, is_new in found if not is_new),
    )


def _person(session: Session, person: Mapping[str, Any]) -> str:
    known = session.scalar(select(User.id).where(User.login == person["id"]))
    if known is not None:
        return known
    user = create_user(
        session,
        caller=OPERATOR,
        login=person["id"],
        name=person["name"],
        role=Role(person["role"]),
        language=Language.PERSIAN,
        teams=[person["team"]],
        password=None,
    )
    return user.id


def _article(session: Session, file: DemoFile, people: Mapping[str, str]) -> tuple[Origin, bool]:
    data = file.data
    language, group = Language(data["language"]), data["translation_group"]
    known = session.scalar(
        select(Article.id).where(Article.translation_group == group, Article.language == language)
    )
    if known is not None:
        return (OriginKind.ARTICLE, known), False
    article = create_article(
        session,
        caller=OPERATOR,
        language=language,
        title=data["title"],
        resolution=file.text,
        audience=Audience(data["audience"]),
        issue=data["issue"],
        environment=data.get("environment", ""),
        tags=data["tags"],
        products=[data["product"]],
        translation_group=group,
        owner_id=people[data["owner"]],
    )
    state = ArticleState(data["state"])
    if state is not ArticleState.WORK_IN_PROGRESS:
        release_article(session, caller=OPERATOR, article_id=article.id, expected_version=article.version)
    if state is ArticleState.NOT_VALIDATED:
        change_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=article.version, state=state
        )
    return (OriginKind.ARTICLE, article.id), True


def _note(session: Session, file: DemoFile, people: Mapping[str, str]) -> tuple[Origin, bool]:
    data = file.data
    text = mask_personal(file.text.strip())
    known = session.scalar(select(Note.id).where(Note.text == text))
    if known is not None:
        return (OriginKind.NOTE, known), False
    note = capture_note(
        session,
        caller=OPERATOR,
        text=text,
        language=Language(data["language"]),
        audience=Audience(data["audience"]),
        tags=data["tags"],
        author_id=people[data["author"]],
    )
    if data["state"] == NoteState.ACCEPTED:
        accept_note(session, caller=OPERATOR, note_id=note.id, expected_version=note.version)
    return (OriginKind.NOTE, note.id), True


def _conversation(session: Session, file: DemoFile) -> tuple[Origin, bool]:
    data = file.data
    conversation, created = import_conversation(
        session,
        caller=OPERATOR,
        external_id=f"demo:{data['id']}",
        channel=Channel(data["channel"]),
        language=Language(data["language"]),
        audience=Audience.INTERNAL,
        turns=[
            TurnDraft(speaker=Speaker(turn["speaker"]), text=mask_personal(turn["text"]))
            for turn in data["turns"]
        ],
        outcome=data.get("summary", data.get("outcome", "")),
    )
    return (OriginKind.CONVERSATION, conversation.id), created
