"""Which file of an export holds what: one per article, note and template, named by its id.

    manifest.json                    format, and how many of what
    people.yml                       whom the files name, and the teams
    articles/ID.md  notes/ID.md  templates/ID.md
    attachments/ARTICLE/ID.png       as they were uploaded

A file's bytes depend on nothing but what it holds, so that two exports differ where the knowledge does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ingest.exchange.article_file import read_article, write_article
from ingest.exchange.front_matter import decoded, read_yaml, write_yaml
from ingest.exchange.note_file import read_note, read_template, write_note, write_template
from ingest.exchange.package import Package
from kb.exchange.errors import BrokenFile, ExchangeError, NotAnExport, OtherFormat
from kb.exchange.image import ArticleImage, Image, NoteImage, PeopleImage, PersonImage, TemplateImage
from kb.vocabulary import Language

FORMAT_NAME = "nagofte"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
PEOPLE = "people.yml"
#: the folders that belong to an export, and are replaced by the next
FOLDERS = ("articles", "notes", "templates", "attachments")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of an import, or a record of one: what it says, or why it says nothing that can be used.

    `left_out`: why it is no part of the import, where that is no fault of the file.
    """

    filename: str
    image: Image | None
    error: ExchangeError | None = None
    left_out: str = ""


def file_of(image: Image) -> tuple[str, bytes]:
    """Name and bytes of the file of one image, which has an id."""
    match image:
        case ArticleImage():
            return f"articles/{image.id}.md", write_article(image)
        case NoteImage():
            return f"notes/{image.id}.md", write_note(image)
        case TemplateImage():
            return f"templates/{image.id}.md", write_template(image)


def manifest_file(counts: Mapping[str, int], scope: Mapping[str, Any]) -> tuple[str, bytes]:
    """The manifest: `counts` by kind, and what was left out on purpose."""
    manifest = {"format": FORMAT_NAME, "version": FORMAT_VERSION, "counts": counts, "scope": scope}
    return MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def people_file(named: PeopleImage) -> tuple[str, bytes]:
    """Whom the other files name."""
    listed = [
        {"login": one.login, "name": one.name, "language": one.language.value, "teams": list(one.teams)}
        for one in named.people
    ]
    return PEOPLE, write_yaml({"people": listed, "teams": list(named.teams)}).encode()


def people_named(image: Image) -> set[str]:
    """The logins that a file of this image names."""
    match image:
        case ArticleImage():
            revisions = [one for one in (image.words, image.working) if one is not None]
            named = {image.owner, image.scheduled_by, *(one.author for one in revisions)}
            named |= {one.author for one in image.attachments}
        case NoteImage():
            named = {image.author}
        case TemplateImage():
            named = set()
    return {login for login in named if login is not None}


def check_manifest(package: Package) -> None:
    """Return where this program can read the export.

    Raises:
        NotAnExport, OtherFormat, ExchangeError.
    """
    if MANIFEST not in package.names():
        raise NotAnExport(filename=package.label, reason=f"it has no {MANIFEST}")
    try:
        manifest = json.loads(decoded(MANIFEST, package.read(MANIFEST)))
    except (ValueError, RecursionError) as error:
        raise NotAnExport(filename=package.label, reason=f"its {MANIFEST} is no JSON") from error
    match manifest:
        case {"format": str(name), "version": int(version)} if name == FORMAT_NAME:
            if version != FORMAT_VERSION:
                raise OtherFormat(filename=package.label, found=str(version), known=FORMAT_VERSION)
        case {"format": str(name)}:
            raise OtherFormat(filename=package.label, found=name[:50], known=FORMAT_VERSION)
        case _:
            raise NotAnExport(filename=package.label, reason=f"its {MANIFEST} names no format")


def read_people(package: Package) -> PeopleImage:
    """The people of an export; none where it has no such file.

    Raises:
        ExchangeError.
    """
    if PEOPLE not in package.names():
        return PeopleImage()
    people: list[PersonImage] = []
    source = decoded(PEOPLE, package.read(PEOPLE))
    whole = read_yaml(PEOPLE, source).fields(PEOPLE)
    for fields in whole.parts("people"):
        login = fields.text("login")
        if login is None:
            raise fields.fail("login", "login is missing")
        language = fields.one_of("language", Language) or Language.PERSIAN
        people.append(PersonImage(login, fields.text("name") or login, language, fields.texts("teams")))
        fields.finish()
    teams = whole.texts("teams")
    whole.finish()
    return PeopleImage(tuple(people), teams)


def read_files(package: Package) -> Iterator[ReadFile]:
    """Every article, note and template of an export, by the files' names; broken ones with their error."""
    seen: dict[tuple[type, str], str] = {}
    for name in package.names():
        folder, _, rest = name.partition("/")
        if folder not in FOLDERS or folder == "attachments" or not rest.endswith(".md"):
            continue
        try:
            image = _read(folder, name, package.read(name))
            if image.id is not None:
                before = seen.setdefault((type(image), image.id), name)
                if before != name:
                    raise BrokenFile(filename=name, line=1, reason=f"{before} has the same id")
        except ExchangeError as error:
            yield ReadFile(name, None, error)
        else:
            yield ReadFile(name, image)


def _read(folder: str, name: str, data: bytes) -> Image:
    image: Image
    match folder:
        case "articles":
            image = read_article(name, data)
            if image.id is None and image.external_id is None:
                # So that the same file is the same article when it is imported again.
                image = replace(image, external_id=f"file:{name}"[:255], given=image.given | {"external_id"})
        case "notes":
            image = read_note(name, data)
        case _:
            image = read_template(name, data)
    if image.id is not None and not _ID.fullmatch(image.id):
        raise BrokenFile(filename=name, line=1, reason="the id has signs that no id has")
    return image
