"""One article as one Markdown file: the resolution that is served below, everything else above it.

Where a newer working revision waits, it stands in the front matter as `working`. `released` says whether the
text below is what is served.
"""

from dataclasses import replace
from typing import Any

from ingest.exchange.front_matter import Fields, read_front_matter, write_front_matter
from kb.exchange.image import ArticleImage, AttachmentImage, Cite, RevisionImage, field_names
from kb.vocabulary import ArticleState, Audience, Governance, Language, OriginKind

#: of a revision's own, in the file of its article
_WORDS = ("title", "environment", "cause")
#: the file's names of what is not a field of the image
_REVISION = ("revision", "comment", "revised_by", "revised_at", "cites")
_MOMENTS = (
    "released_at",
    "verified_at",
    "verify_due_at",
    "release_at",
    "archive_at",
    "last_used_at",
    "created_at",
    "updated_at",
)


def write_article(image: ArticleImage) -> bytes:
    """The file of an article: the same bytes for the same article."""
    words, given = image.words, image.given
    is_whole = "owner" in given
    fields: dict[str, Any] = {
        "id": image.id,
        "version": image.version,
        "language": image.language.value,
        "title": words.title,
        "audience": image.audience.value,
        "state": image.state.value,
        "governance": image.governance.value,
        "owner": image.owner,
        "team": image.team,
        "tags": list(image.tags),
        "products": list(image.products),
        "segments": list(image.segments),
        "issue": list(image.issue),
        "environment": words.environment,
        "cause": words.cause,
        "translation_group": image.translation_group,
        "translates": image.translates,
        "translates_number": image.translates_number,
        "merged_into": image.merged_into,
        "released": image.released,
        "revision": words.number,
        "comment": words.comment,
        "revised_by": words.author,
        "revised_at": words.created_at,
        "cites": _written_cites(words.cites),
        "verify_every_days": image.verify_every_days,
        "release_at": image.release_at,
        "archive_at": image.archive_at,
        "scheduled_by": image.scheduled_by,
        "external_id": image.external_id,
        "created_at": image.created_at,
        "updated_at": image.updated_at,
        "released_at": image.released_at,
        "verified_at": image.verified_at,
        "verify_due_at": image.verify_due_at,
        "use_count": image.use_count,
        "last_used_at": image.last_used_at,
        "attachments": [_written_attachment(one, whole=is_whole) for one in image.attachments],
    }
    stated = given | set(_WORDS) | {"revision"} | (set(_REVISION) if is_whole else set())
    fields = {name: value for name, value in fields.items() if name in stated}
    if image.working is not None:
        fields["working"] = _written_working(image.working)
    return write_front_matter(fields, words.resolution).encode()


def read_article(filename: str, data: bytes) -> ArticleImage:
    """An article's file as its image, with the fields that it states.

    Raises:
        BrokenFile: names the line.
    """
    fields, text = read_front_matter(filename, data)
    words = _read_words(fields, text)
    state = fields.one_of("state", ArticleState) or ArticleState.WORK_IN_PROGRESS
    released = fields.truth("released")
    working = fields.part("working")
    moments: dict[str, Any] = {name: fields.moment(name) for name in _MOMENTS}
    image = ArticleImage(
        words=words,
        id=fields.text("id"),
        version=fields.number("version"),
        external_id=fields.text("external_id"),
        language=fields.one_of("language", Language) or Language.PERSIAN,
        audience=fields.one_of("audience", Audience) or Audience.INTERNAL,
        state=state,
        governance=fields.one_of("governance", Governance) or Governance.EXPERIENCE,
        owner=fields.text("owner"),
        team=fields.text("team"),
        tags=fields.texts("tags"),
        products=fields.texts("products"),
        segments=fields.texts("segments"),
        issue=fields.texts("issue"),
        translation_group=fields.text("translation_group"),
        translates=fields.text("translates"),
        translates_number=fields.number("translates_number"),
        merged_into=fields.text("merged_into"),
        released=state is ArticleState.VALIDATED if released is None else released,
        verify_every_days=fields.number("verify_every_days"),
        scheduled_by=fields.text("scheduled_by"),
        use_count=fields.number("use_count") or 0,
        attachments=tuple(_read_attachment(one) for one in fields.parts("attachments")),
        working=None if working is None else _read_working(working),
        given=frozenset(),
        **moments,
    )
    fields.finish()
    for name in ("language", "title"):
        if fields.text(name) is None:
            raise fields.fail(name, f"{name} is missing")
    if image.working is not None and not image.released:
        raise fields.fail("working", "working stands only beside what is released; write it below instead")
    return _with_given(image, fields.given)


def _with_given(image: ArticleImage, names: frozenset[str]) -> ArticleImage:
    stated = names & field_names(ArticleImage)
    return replace(image, given=stated | {"words"} | ({"environment", "cause"} & names))


def _written_cites(cites: tuple[Cite, ...]) -> list[dict[str, str]]:
    return [{"kind": kind, "id": origin_id} for kind, origin_id in cites]


def _written_working(working: RevisionImage) -> dict[str, Any]:
    return {
        "title": working.title,
        "environment": working.environment,
        "cause": working.cause,
        "revision": working.number,
        "comment": working.comment,
        "revised_by": working.author,
        "revised_at": working.created_at,
        "cites": _written_cites(working.cites),
        "resolution": working.resolution,
    }


def _written_attachment(one: AttachmentImage, *, whole: bool) -> dict[str, Any]:
    written = {
        "id": one.id,
        "filename": one.filename,
        "media_type": one.media_type,
        "path": one.path,
        "size_bytes": one.size_bytes,
        "sha256": one.sha256,
        "created_at": one.created_at,
    }
    return written | {"created_by": one.author} if whole else written


def _read_words(fields: Fields, resolution: str) -> RevisionImage:
    return RevisionImage(
        title=fields.text("title") or "",
        environment=fields.text("environment") or "",
        resolution=resolution,
        cause=fields.text("cause") or "",
        number=fields.number("revision") or 1,
        comment=fields.text("comment") or "",
        author=fields.text("revised_by"),
        cites=tuple(_read_cite(one) for one in fields.parts("cites")),
        created_at=fields.moment("revised_at"),
    )


def _read_working(fields: Fields) -> RevisionImage:
    words = _read_words(fields, fields.text("resolution") or "")
    fields.finish()
    if not words.title:
        raise fields.fail("title", "title is missing")
    return words


def _read_cite(fields: Fields) -> Cite:
    kind, origin_id = fields.one_of("kind", OriginKind), fields.text("id")
    fields.finish()
    if kind is None or origin_id is None:
        raise fields.fail("kind", "each of cites needs a kind and an id")
    return kind.value, origin_id


def _read_attachment(fields: Fields) -> AttachmentImage:
    texts = {name: fields.text(name) for name in ("id", "filename", "path", "sha256")}
    for name, text in texts.items():
        if text is None:
            raise fields.fail(name, f"{name} of an attachment is missing")
    image = AttachmentImage(
        id=texts["id"] or "",
        filename=texts["filename"] or "",
        media_type=fields.text("media_type") or "application/octet-stream",
        sha256=texts["sha256"] or "",
        size_bytes=fields.number("size_bytes") or 0,
        path=texts["path"] or "",
        author=fields.text("created_by"),
        created_at=fields.moment("created_at"),
    )
    fields.finish()
    return image
