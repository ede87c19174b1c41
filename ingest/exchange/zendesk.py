"""Zendesk Guide: articles with translations, sections and categories, as its Help Center API gives them.

In: `{"articles": [...]}` with `sections`, `categories`, `translations` and `user_segments` beside it, in one
file or in several (a page each), with translations inside the articles where they were sideloaded. Out: the
same in one file. A CSV has the columns id, locale, title, body, draft, user_segment, labels, section,
category; their order is free and all but title and body may be missing.

Source: developer.zendesk.com/api-reference/help_center/help-center-api/ (articles, translations, sections,
categories, user_segments).
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ingest.exchange.foreign import (
    Defaults,
    ForeignArticle,
    left_out,
    locale_language,
    moment_of,
    number_of,
    refused,
    rows_of,
    text_of,
)
from ingest.exchange.html import html_of, markdown_of
from ingest.exchange.layout import ReadFile
from kb.article.composed import revision_text
from kb.exchange.image import ArticleImage
from kb.vocabulary import ArticleState, Audience, Language

_TABLES = ("articles", "sections", "categories", "translations", "user_segments")
_LOCALES = {Language.PERSIAN: "fa", Language.ENGLISH: "en-us"}
#: `user_type` of a segment; whoever is in any other sees nothing here
_SEGMENTS = {"staff": Audience.INTERNAL, "signed_in_users": Audience.PARTNER, "everyone": Audience.PUBLIC}
_SEGMENT_IDS = {Audience.PUBLIC: None, Audience.PARTNER: 1, Audience.INTERNAL: 2}
_SEGMENT_TYPES = {audience: name for name, audience in _SEGMENTS.items()}
_CSV_COLUMNS = (
    "id", "locale", "title", "body", "draft", "user_segment", "labels", "section", "category",
    "created_at", "updated_at",
)  # fmt: skip
_DRAFT = frozenset(["true", "1", "yes", "draft"])

Tables = dict[str, list[Mapping[str, Any]]]


def is_zendesk(value: Any) -> bool:
    """Whether a JSON value is (a page of) a Guide export."""
    return isinstance(value, Mapping) and any(isinstance(value.get(name), list) for name in _TABLES)


def read_zendesk(files: Iterable[tuple[str, Any]], defaults: Defaults) -> Iterator[ReadFile]:
    """Every translation of every article, in the order of the files.

    Args:
        files: names and JSON values, all pages of one help centre.
    """
    tables: Tables = {name: [] for name in _TABLES}
    for name, value in files:
        for table in _TABLES:
            tables[table] += [{**row, "_file": name} for row in rows_of(value.get(table))]
    translations: dict[str, list[Mapping[str, Any]]] = {}
    for row in tables["translations"]:
        if text_of(row, "source_type") in ("", "Article"):
            translations.setdefault(text_of(row, "source_id"), []).append(row)
    named = _Named(tables)
    for article in tables["articles"]:
        own = rows_of(article.get("translations")) or translations.get(text_of(article, "id")) or [article]
        for translation in own:
            yield _read(article, translation, named, defaults, is_many=len(own) > 1)


def read_zendesk_rows(
    name: str, rows: Iterable[tuple[int, Mapping[str, str]]], defaults: Defaults
) -> Iterator[ReadFile]:
    """The rows of a CSV, by the names of its columns and with their lines."""
    for line, row in rows:
        label = f"{name}, line {line}"
        title, body = text_of(row, "title", "name"), text_of(row, "body")
        if not title or not body:
            yield refused(label, "title or body is empty")
            continue
        locale = text_of(row, "locale")
        language = locale_language(locale)
        if locale and language is None and defaults.language is None:
            yield left_out(label, f"the language {locale} is not kept here")
            continue
        segment = text_of(row, "user_segment")
        article = ForeignArticle(
            external_id=f"zendesk:{text_of(row, 'id') or title}:{locale or 'source'}"[:255],
            title=title,
            body=markdown_of(body),
            language=language,
            audience=_SEGMENTS.get(segment or "everyone", Audience.INTERNAL),
            tags=(text_of(row, "category"), text_of(row, "section"), *text_of(row, "labels").split(",")),
            released=text_of(row, "draft").lower() not in _DRAFT,
            created_at=moment_of(row, "created_at"),
            written_at=moment_of(row, "updated_at"),
        )
        yield ReadFile(label, article.image(defaults))


def write_zendesk(images: Sequence[ArticleImage]) -> bytes:
    """Articles as a Guide export; archived ones are left out, as Guide's own lists leave them out."""
    articles = [_article(group) for group in _groups(images)]
    section = {"id": 1, "name": "Nagofte", "locale": "fa", "category_id": 1, "position": 0}
    category = {"id": 1, "name": "Nagofte", "locale": "fa", "position": 0}
    segments = [
        {"id": number, "name": _SEGMENT_TYPES[audience], "user_type": _SEGMENT_TYPES[audience]}
        for audience, number in _SEGMENT_IDS.items()
        if number is not None
    ]
    whole = {
        "articles": articles,
        "sections": [section],
        "categories": [category],
        "user_segments": segments,
        "count": len(articles),
        "next_page": None,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def write_zendesk_csv(images: Sequence[ArticleImage]) -> bytes:
    """Articles as a table, a row for each language; UTF-8 with its mark, which spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for group in _groups(images):
        for image in group:
            article = _article([image])
            writer.writerow(
                [
                    _article_number(group[0]),
                    article["locale"],
                    article["title"],
                    article["body"],
                    str(article["draft"]).lower(),
                    _SEGMENT_TYPES[image.audience],
                    ",".join(image.tags),
                    "",
                    "",
                    article["created_at"],
                    article["updated_at"],
                ]
            )
    return text.getvalue().encode("utf-8-sig")


class _Named:
    """Sections, categories and segments by id."""

    def __init__(self, tables: Tables) -> None:
        self._sections = {text_of(row, "id"): row for row in tables["sections"]}
        self._categories = {text_of(row, "id"): text_of(row, "name") for row in tables["categories"]}
        self._segments = {text_of(row, "id"): text_of(row, "user_type") for row in tables["user_segments"]}

    def path(self, article: Mapping[str, Any]) -> list[str]:
        """Category, then sections from the outside in."""
        names: list[str] = []
        section = self._sections.get(text_of(article, "section_id"))
        category = ""
        for _ in range(10):  # sections nest a few levels deep; a circle ends here
            if section is None:
                break
            names.append(text_of(section, "name"))
            category = text_of(section, "category_id")
            section = self._sections.get(text_of(section, "parent_section_id"))
        return [self._categories.get(category, ""), *reversed(names)]

    def audience(self, article: Mapping[str, Any]) -> Audience:
        """Everybody where no segment is named; nobody outside where it is one that we do not know."""
        segments = article.get("user_segment_ids") or [article.get("user_segment_id")]
        if not any(segments):
            return Audience.PUBLIC
        kinds = [self._segments.get(str(segment), "staff") for segment in segments]
        return Audience.PARTNER if set(kinds) == {"signed_in_users"} else Audience.INTERNAL


def _read(
    article: Mapping[str, Any],
    translation: Mapping[str, Any],
    named: _Named,
    defaults: Defaults,
    *,
    is_many: bool,
) -> ReadFile:
    number, locale = text_of(article, "id"), text_of(translation, "locale")
    label = f"{article['_file']}, article {number or '?'} ({locale or 'no locale'})"
    title = text_of(translation, "title", "name") or text_of(article, "title", "name")
    if not number or not title:
        return refused(label, "it has no id or no title")
    language = locale_language(locale)
    if locale and language is None and (is_many or defaults.language is None):
        return left_out(label, f"the language {locale} is not kept here")
    labels = article.get("label_names")
    body = translation.get("body")
    foreign = ForeignArticle(
        external_id=f"zendesk:{number}:{locale or 'source'}"[:255],
        title=title,
        body=markdown_of(body) if isinstance(body, str) else "",
        language=language,
        audience=named.audience(article),
        tags=(*named.path(article), *(str(one) for one in labels if one)) if isinstance(labels, list) else (),
        group=f"zendesk:{number}" if is_many else None,
        released=not (translation.get("draft") or article.get("draft") or translation.get("hidden")),
        created_at=moment_of(translation, "created_at") or moment_of(article, "created_at"),
        written_at=moment_of(translation, "updated_at") or moment_of(article, "edited_at", "updated_at"),
    )
    if foreign.released and not foreign.body.strip():
        return refused(label, "it is published, and its body is empty")
    return ReadFile(label, foreign.image(defaults if not is_many else _any_language(defaults)))


def _any_language(defaults: Defaults) -> Defaults:
    return Defaults(defaults.audience, None, defaults.owner)


def _groups(images: Sequence[ArticleImage]) -> list[list[ArticleImage]]:
    """Articles with their translations: the original first, each language once."""
    groups: dict[str, list[ArticleImage]] = {}
    for image in images:
        if image.state is not ArticleState.ARCHIVED:
            groups.setdefault(image.translation_group or image.id or "", []).append(image)
    ordered: list[list[ArticleImage]] = []
    for members in groups.values():
        members.sort(key=lambda one: (one.translates is not None, one.language is not Language.PERSIAN))
        by_language: dict[Language, ArticleImage] = {}
        for one in members:
            if one.language in by_language or one.audience is not members[0].audience:
                # Guide has one audience for all languages of an article, and each language once.
                ordered.append([one])
            else:
                by_language[one.language] = one
        ordered.append(list(by_language.values()))
    return sorted(ordered, key=lambda group: group[0].id or "")


def _article(group: Sequence[ArticleImage]) -> dict[str, Any]:
    first = group[0]
    translations = [_translation(image) for image in group]
    own = translations[0]
    return {
        "id": _article_number(first),
        "locale": own["locale"],
        "source_locale": own["locale"],
        "title": own["title"],
        "name": own["title"],
        "body": own["body"],
        "draft": own["draft"],
        "section_id": 1,
        "user_segment_id": _SEGMENT_IDS[first.audience],
        "label_names": list(first.tags),
        "created_at": own["created_at"],
        "updated_at": own["updated_at"],
        "edited_at": own["updated_at"],
        "translations": translations,
    }


def _translation(image: ArticleImage) -> dict[str, Any]:
    created, written = image.created_at, image.words.created_at
    return {
        "id": number_of(f"translation:{image.id}"),
        "source_id": _article_number(image),
        "source_type": "Article",
        "locale": _LOCALES[image.language],
        "title": image.words.title,
        "body": html_of(revision_text(image.words, image.language)),
        "draft": not image.released,
        "created_at": None if created is None else created.isoformat(),
        "updated_at": None if written is None else written.isoformat(),
    }


def _article_number(image: ArticleImage) -> int:
    origin, _, rest = (image.external_id or "").partition(":")
    number = rest.partition(":")[0]
    return int(number) if origin == "zendesk" and number.isdecimal() else number_of(image.id or "")
