"""One note, or one template, as one Markdown file: its own words below, the rest above them."""

from typing import Any

from ingest.exchange.front_matter import Fields, read_front_matter, write_front_matter
from kb.exchange.image import AnswerImage, NoteImage, TemplateImage, field_names
from kb.vocabulary import Audience, Element, Language, NoteState


def write_note(image: NoteImage) -> bytes:
    """The file of a note: the same bytes for the same note."""
    fields: dict[str, Any] = {
        "id": image.id,
        "version": image.version,
        "language": image.language.value,
        "audience": image.audience.value,
        "state": image.state.value,
        "author": image.author,
        "tags": list(image.tags),
        "products": list(image.products),
        "segments": list(image.segments),
        "article": image.article,
        "created_at": image.created_at,
        "updated_at": image.updated_at,
        "answers": [
            {
                "number": answer.number,
                "element": answer.element.value,
                "probe": answer.probe,
                "answered_at": answer.answered_at,
                "text": answer.text,
            }
            for answer in image.answers
        ],
    }
    return write_front_matter(_stated(fields, image.given), image.text).encode()


def read_note(filename: str, data: bytes) -> NoteImage:
    """A note's file as its image.

    Raises:
        BrokenFile: names the line.
    """
    fields, text = read_front_matter(filename, data)
    image = NoteImage(
        text=text,
        id=fields.text("id"),
        version=fields.number("version"),
        language=fields.one_of("language", Language) or Language.PERSIAN,
        audience=fields.one_of("audience", Audience) or Audience.INTERNAL,
        state=fields.one_of("state", NoteState) or NoteState.CAPTURED,
        author=fields.text("author"),
        tags=fields.texts("tags"),
        products=fields.texts("products"),
        segments=fields.texts("segments"),
        article=fields.text("article"),
        created_at=fields.moment("created_at"),
        updated_at=fields.moment("updated_at"),
        answers=tuple(_read_answer(one) for one in fields.parts("answers")),
        given=(fields.given & field_names(NoteImage)) | {"text"},
    )
    fields.finish()
    if "language" not in fields.given:
        raise fields.fail("language", "language is missing")
    if image.state is NoteState.DRAFT:
        raise fields.fail("state", "drafts are their authors' alone; they do not travel")
    if not text.strip():
        raise fields.fail("text", "there is no text below the front matter")
    return image


def write_template(image: TemplateImage) -> bytes:
    """The file of a template: the same bytes for the same template."""
    fields: dict[str, Any] = {
        "id": image.id,
        "version": image.version,
        "name": image.name,
        "language": image.language.value,
        "title": image.title,
        "environment": image.environment,
        "cause": image.cause,
        "tags": list(image.tags),
        "created_at": image.created_at,
        "updated_at": image.updated_at,
    }
    return write_front_matter(_stated(fields, image.given), image.resolution).encode()


def read_template(filename: str, data: bytes) -> TemplateImage:
    """A template's file as its image.

    Raises:
        BrokenFile: names the line.
    """
    fields, text = read_front_matter(filename, data)
    image = TemplateImage(
        name=fields.text("name") or "",
        title=fields.text("title") or "",
        environment=fields.text("environment") or "",
        resolution=text,
        cause=fields.text("cause") or "",
        id=fields.text("id"),
        version=fields.number("version"),
        language=fields.one_of("language", Language) or Language.PERSIAN,
        tags=fields.texts("tags"),
        created_at=fields.moment("created_at"),
        updated_at=fields.moment("updated_at"),
        given=(fields.given & field_names(TemplateImage)) | {"resolution"},
    )
    fields.finish()
    for name in ("name", "language"):
        if name not in fields.given:
            raise fields.fail(name, f"{name} is missing")
    return image


def _read_answer(fields: Fields) -> AnswerImage:
    element, probe, number = fields.one_of("element", Element), fields.text("probe"), fields.number("number")
    text, answered_at = fields.text("text"), fields.moment("answered_at")
    fields.finish()
    if element is None or probe is None or number is None:
        raise fields.fail("element", "each of answers needs a number, an element and a probe")
    return AnswerImage(element, probe, text, number, answered_at)


def _stated(fields: dict[str, Any], given: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in given}
