"""Taking what is here to what its file says: through the verbs, with their rights and their audit rows."""

from typing import Any

from sqlalchemy.orm import Session

from kb.article.attaching import attach_file
from kb.article.change import UNCHANGED, change_article
from kb.article.diff import WORD_FIELDS
from kb.article.editing import load_for_change
from kb.article.merge import merge_article
from kb.article.move import archive_article, release_article, restore_article
from kb.article.schedule import schedule_article
from kb.article.write import revise_article
from kb.errors import InvalidInput
from kb.exchange.bring import BytesOf
from kb.exchange.compare import FieldChange, clean_words_of, shown_file
from kb.exchange.image import ArticleImage, NoteImage
from kb.exchange.plan import IMPORT_COMMENT, PlanItem
from kb.exchange.roster import Roster
from kb.note import accept_note, edit_note, reject_note
from kb.visibility import Caller
from kb.vocabulary import ArticleState, NoteState


class ArticleAlteration:
    """Takes an article that is here from what it is to what its file says, verb by verb."""

    def __init__(
        self,
        session: Session,
        caller: Caller,
        item: PlanItem,
        image: ArticleImage,
        roster: Roster,
        bytes_of: BytesOf,
        text_limit: int,
    ) -> None:
        self._session = session
        self._caller = caller
        self._image = image
        self._roster = roster
        self._bytes_of = bytes_of
        self._text_limit = text_limit
        self._changes = {change.field: change for change in item.changes}
        assert item.current_id is not None
        self._article = load_for_change(session, caller, item.current_id, item.current_version)

    def apply(self) -> str:
        image, article = self._image, self._article
        stays = image.state is ArticleState.ARCHIVED and "state" in image.given
        if article.state is ArticleState.ARCHIVED and not stays:
            restore_article(**self._of_article())
        self._change_whole()
        self._attach()
        self._write()
        self._move()
        self._schedule()
        return article.id

    def _of_article(self) -> dict[str, Any]:
        return {
            "session": self._session,
            "caller": self._caller,
            "article_id": self._article.id,
            "expected_version": self._article.version,
        }

    def _change_whole(self) -> None:
        given: dict[str, Any] = {
            name: self._changes[name].after
            for name in ("audience", "tags", "products", "segments", "translation_group", "verify_every_days")
            if name in self._changes
        }
        if given.get("translation_group", "") is None:
            del given["translation_group"]  # a group is left for another, never for none
        if "issue" in self._changes:
            given["add_issue"] = self._changes["issue"].after
        if "owner" in self._changes:
            given["owner_id"] = self._roster.owner_id(self._image.owner)
        if "team" in self._changes:
            given["owner_team_id"] = self._roster.team_id(self._image.team)
        if {"translates", "translates_number"} & self._changes.keys():
            given["translates_id"] = self._image.translates
            given["translates_number"] = self._image.translates_number
        if given:
            change_article(**self._of_article(), **given)

    def _attach(self) -> None:
        change = self._changes.get("attachments")
        if change is None:
            return
        for image in self._image.attachments:
            if shown_file(image) not in change.before:
                attach_file(
                    self._session,
                    caller=self._caller,
                    article_id=self._article.id,
                    filename=image.filename,
                    data=self._bytes_of(image),
                )

    def _write(self) -> None:
        """New words; those of what is served are released, and a working revision is written after them."""
        image = self._image
        is_first = "released" in self._changes
        served = self._stated_words()
        if served or is_first:
            self._revise(served)
            if image.released:
                release_article(**self._of_article())
        if (image.working is not None and any(name.startswith("working.") for name in self._changes)) or (
            image.working is not None and served
        ):
            self._revise(clean_words_of(image.working))

    def _stated_words(self) -> dict[str, str]:
        if not any(field in self._changes for field in WORD_FIELDS):
            return {}
        words = clean_words_of(self._image.words)
        stated = self._image.given | {"title", "resolution"}
        return {field: text for field, text in words.items() if field in stated}

    def _revise(self, words: dict[str, Any]) -> None:
        comment = self._image.words.comment if self._image.version is not None else IMPORT_COMMENT
        revise_article(**self._of_article(), **words, comment=comment, text_limit=self._text_limit)

    def _move(self) -> None:
        image, article = self._image, self._article
        if "merged_into" in self._changes and image.merged_into is not None:
            if article.state is ArticleState.ARCHIVED:
                restore_article(**self._of_article())
            merge_article(**self._of_article(), into_id=image.merged_into)
        elif "state" not in image.given or article.state is image.state:
            return
        elif image.state is ArticleState.ARCHIVED:
            archive_article(**self._of_article())
        else:
            change_article(**self._of_article(), state=image.state)

    def _schedule(self) -> None:
        if not {"release_at", "archive_at"} & self._changes.keys():
            return
        times: dict[str, Any] = {
            name: getattr(self._image, name) if name in self._image.given else UNCHANGED
            for name in ("release_at", "archive_at")
        }
        schedule_article(**self._of_article(), **times)


def alter_note(session: Session, caller: Caller, item: PlanItem, image: NoteImage, text_limit: int) -> str:
    changes = {change.field: change for change in item.changes}
    assert item.current_id is not None
    version = item.current_version
    words: dict[str, Any] = {
        name: _as_list(changes[name])
        for name in ("text", "language", "audience", "tags", "products", "segments")
        if name in changes
    }
    if words:
        note = edit_note(
            session,
            caller=caller,
            note_id=item.current_id,
            expected_version=version,
            text_limit=text_limit,
            **words,
        )
        version = note.version
    if "state" in changes:
        move = {NoteState.ACCEPTED: accept_note, NoteState.REJECTED: reject_note}.get(image.state)
        if move is None:
            raise InvalidInput(field="state", reason="a note that was decided on does not wait again")
        move(session, caller=caller, note_id=item.current_id, expected_version=version)
    return item.current_id


def _as_list(change: FieldChange) -> Any:
    return list(change.after) if isinstance(change.after, tuple) else change.after
