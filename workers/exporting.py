"""An export as a stream of files, from one snapshot of the record; for the command line and for jobs."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from ingest.exchange.layout import file_of, manifest_file, people_file, people_named
from ingest.exchange.zammad import write_zammad
from ingest.exchange.zendesk import write_zendesk, write_zendesk_csv
from kb.article.attaching import attachment_bytes
from kb.exchange.image import ArticleImage, AttachmentImage, Image
from kb.exchange.read import (
    ExportScope,
    article_images,
    exported_article_ids,
    exported_note_ids,
    note_images,
    people_image,
    template_images,
)
from kb.vocabulary import ExportFormat

_WRITERS: dict[ExportFormat, Callable[[Sequence[ArticleImage]], bytes]] = {
    ExportFormat.ZENDESK: write_zendesk,
    ExportFormat.ZENDESK_CSV: write_zendesk_csv,
    ExportFormat.ZAMMAD: write_zammad,
}
#: called with how many of how many articles and notes are written
Progress = Callable[[int, int], None]


def export_files(
    session: Session, scope: ExportScope, *, progress: Progress = lambda _done, _total: None
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of every file of an export, the manifest last."""
    article_ids = exported_article_ids(session, scope)
    note_ids = exported_note_ids(session, scope)
    counts = {"articles": 0, "notes": 0, "templates": 0, "attachments": 0, "people": 0}
    named: set[str] = set()
    teams: set[str] = set()
    done, total = 0, len(article_ids) + len(note_ids)

    def written(kind: str, image: Image) -> tuple[str, bytes]:
        nonlocal done
        counts[kind] += 1
        named.update(people_named(image))
        done += 1
        progress(done, total)
        return file_of(image)

    for article in article_images(session, article_ids, scope=scope):
        yield written("articles", article)
        if article.team is not None:
            teams.add(article.team)
        for attachment in article.attachments:
            counts["attachments"] += 1
            yield attachment.path, _bytes_of(session, attachment)
    for note in note_images(session, note_ids, scope=scope, article_ids=article_ids):
        yield written("notes", note)
    for template in template_images(session, scope=scope):
        counts["templates"] += 1
        yield file_of(template)
    if not scope.is_outside:
        people = people_image(session, named, teams)
        counts["people"] = len(people.people)
        yield people_file(people)
    yield manifest_file(counts, scope_said(scope))


def scope_said(scope: ExportScope) -> dict[str, Any]:
    """What an export covers, in the words of its manifest."""
    visibility = scope.visibility
    return {
        "audiences": sorted(visibility.audiences),
        "segments": None if visibility.segments is None else sorted(visibility.segments),
        "products": None if visibility.products is None else sorted(visibility.products),
        "states": sorted(scope.states) or None,
    }


def _bytes_of(session: Session, attachment: AttachmentImage) -> bytes:
    return attachment_bytes(session, sha256=attachment.sha256)


def export_articles(session: Session, scope: ExportScope, to: ExportFormat) -> bytes:
    """The articles of an export as one file of another program."""
    ids = exported_article_ids(session, scope)
    return _WRITERS[to](list(article_images(session, ids, scope=scope)))
