"""Zammad's knowledge base: answers with translations and categories, as its REST API gives them.

`POST /api/v1/knowledge_bases/init` answers with tables of assets by id: `KnowledgeBaseAnswer`,
`KnowledgeBaseAnswerTranslation`, `KnowledgeBaseAnswerTranslationContent`, `KnowledgeBaseCategory`,
`KnowledgeBaseCategoryTranslation`, `KnowledgeBaseLocale` and `Locale`; the contents come where they are asked
for (`answer_translation_content_ids`). In: those, in one file or several, with or without `assets` around
them. Out: the same tables.

An answer is archived, published (public), internal, or else a draft, whichever of its times has come, in this
order.

Source: docs.zammad.org/en/latest/api/intro.html; Zammad's app/models/concerns/can_be_published.rb.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
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

_ANSWERS = "KnowledgeBaseAnswer"
_TABLES = (
    _ANSWERS,
    "KnowledgeBaseAnswerTranslation",
    "KnowledgeBaseAnswerTranslationContent",
    "KnowledgeBaseCategory",
    "KnowledgeBaseCategoryTranslation",
    "KnowledgeBaseLocale",
    "Locale",
)
_LOCALES = {Language.PERSIAN: ("fa-ir", 1), Language.ENGLISH: ("en-us", 2)}

Assets = dict[str, dict[str, Mapping[str, Any]]]


def is_zammad(value: Any) -> bool:
    """Whether a JSON value is a set of a knowledge base's assets."""
    return isinstance(value, Mapping) and any(name.startswith("KnowledgeBase") for name in _tables_in(value))


def read_zammad(files: Iterable[tuple[str, Any]], defaults: Defaults, *, now: datetime) -> Iterator[ReadFile]:
    """Every translation of every answer, by the answers' ids.

    Args:
        files: names and JSON values of one knowledge base.
        now: which of an answer's times have come.
    """
    assets: Assets = {name: {} for name in _TABLES}
    label = ""
    for name, value in files:
        label = label or name
        for table, rows in _tables_in(value).items():
            if table in assets:
                assets[table].update((text_of(row, "id"), row) for row in rows)
    translations: dict[str, list[Mapping[str, Any]]] = {}
    for row in assets["KnowledgeBaseAnswerTranslation"].values():
        translations.setdefault(text_of(row, "answer_id", "kb_answer_id"), []).append(row)
    for number, answer in assets[_ANSWERS].items():
        own = translations.get(number, [])
        if not own:
            yield refused(f"{label}, answer {number}", "none of its translations is in the file")
        for translation in own:
            yield _read(label, answer, translation, assets, defaults, now, is_many=len(own) > 1)


def write_zammad(images: Sequence[ArticleImage]) -> bytes:
    """Articles as assets of one knowledge base with one category; translations share an answer."""
    assets: dict[str, dict[str, Any]] = {name: {} for name in _TABLES}
    for language, (locale, number) in _LOCALES.items():
        primary = language is Language.PERSIAN
        assets["Locale"][str(number)] = {"id": number, "locale": locale}
        assets["KnowledgeBaseLocale"][str(number)] = {
            "id": number, "knowledge_base_id": 1, "system_locale_id": number, "primary": primary,
        }  # fmt: skip
        assets["KnowledgeBaseCategoryTranslation"][str(number)] = {
            "id": number, "title": "Nagofte", "kb_locale_id": number, "category_id": 1,
        }  # fmt: skip
    assets["KnowledgeBaseCategory"]["1"] = {
        "id": 1, "knowledge_base_id": 1, "parent_id": None, "translation_ids": [1, 2],
    }  # fmt: skip
    for image in sorted(images, key=lambda one: one.id or ""):
        _add_answer(assets, image)
    return (json.dumps(assets, ensure_ascii=False, indent=2) + "\n").encode()


def _tables_in(value: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Tables by their names, which some versions write with colons between their parts."""
    inner = value.get("assets")
    tables = inner if isinstance(inner, Mapping) else value
    return {str(name).replace("::", ""): rows_of(table) for name, table in tables.items()}


def _read(
    filename: str,
    answer: Mapping[str, Any],
    translation: Mapping[str, Any],
    assets: Assets,
    defaults: Defaults,
    now: datetime,
    *,
    is_many: bool,
) -> ReadFile:
    number, locale_id = text_of(answer, "id"), text_of(translation, "kb_locale_id")
    locale = _locale(assets, locale_id)
    label = f"{filename}, answer {number} ({locale or locale_id or 'no locale'})"
    title = text_of(translation, "title")
    language = locale_language(locale)
    if not title:
        return refused(label, "it has no title")
    if locale and language is None and (is_many or defaults.language is None):
        return left_out(label, f"the language {locale} is not kept here")
    content = assets["KnowledgeBaseAnswerTranslationContent"].get(text_of(translation, "content_id"), {})
    body = content.get("body", translation.get("body"))
    came = {name: _has_come(answer, f"{name}_at", now) for name in ("archived", "published", "internal")}
    tags = answer.get("tags")
    foreign = ForeignArticle(
        external_id=f"zammad:{number}:{locale or locale_id or 'source'}"[:255],
        title=title,
        body=markdown_of(body) if isinstance(body, str) else "",
        language=language,
        audience=Audience.PUBLIC if came["published"] else Audience.INTERNAL,
        tags=(*_path(assets, answer, locale_id), *(map(str, tags) if isinstance(tags, list) else ())),
        group=f"zammad:{number}" if is_many else None,
        released=came["published"] or came["internal"],
        archived=came["archived"],
        created_at=moment_of(translation, "created_at") or moment_of(answer, "created_at"),
        written_at=moment_of(translation, "updated_at") or moment_of(answer, "updated_at"),
    )
    if foreign.released and not foreign.body.strip():
        return refused(label, "it is published, and its content is not in the file")
    own = Defaults(defaults.audience, None, defaults.owner) if is_many else defaults
    return ReadFile(label, foreign.image(own))


def _locale(assets: Assets, locale_id: str) -> str:
    kb_locale = assets["KnowledgeBaseLocale"].get(locale_id, {})
    return text_of(assets["Locale"].get(text_of(kb_locale, "system_locale_id"), {}), "locale")


def _path(assets: Assets, answer: Mapping[str, Any], locale_id: str) -> list[str]:
    """The names of an answer's categories from the outside in, in its language where they have one."""
    names: list[str] = []
    category = assets["KnowledgeBaseCategory"].get(text_of(answer, "category_id"))
    for _ in range(10):  # a circle ends here
        if category is None:
            break
        titles = [
            row
            for row in assets["KnowledgeBaseCategoryTranslation"].values()
            if text_of(row, "category_id") == text_of(category, "id")
        ]
        titles.sort(key=lambda row: text_of(row, "kb_locale_id") != locale_id)
        names += [text_of(titles[0], "title")] if titles else []
        category = assets["KnowledgeBaseCategory"].get(text_of(category, "parent_id"))
    return names[::-1]


def _has_come(answer: Mapping[str, Any], name: str, now: datetime) -> bool:
    at = moment_of(answer, name)
    return at is not None and at <= now


def _add_answer(assets: dict[str, dict[str, Any]], image: ArticleImage) -> None:
    group = image.translation_group or image.id or ""
    # Zammad has one audience for all languages of an answer.
    number = number_of(f"answer:{group}:{image.audience.value}:{image.state is ArticleState.ARCHIVED}")
    translation = number_of(f"translation:{image.id}")
    locale_id = _LOCALES[image.language][1]
    taken = {
        assets["KnowledgeBaseAnswerTranslation"][str(id)]["kb_locale_id"]
        for id in assets[_ANSWERS].get(str(number), {}).get("translation_ids", ())
    }
    if locale_id in taken:
        number = number_of(f"answer:{image.id}")
    at = image.released_at or image.updated_at
    served = None if at is None or not image.released else at.isoformat()
    public = image.audience is Audience.PUBLIC
    archived = image.updated_at if image.state is ArticleState.ARCHIVED else None
    answer = assets[_ANSWERS].setdefault(
        str(number),
        {
            "id": number,
            "category_id": 1,
            "promoted": False,
            "position": len(assets[_ANSWERS]),
            "archived_at": None if archived is None else archived.isoformat(),
            "published_at": served if public else None,
            "internal_at": None if public else served,
            "translation_ids": [],
            "tags": list(image.tags),
        },
    )
    answer["translation_ids"].append(translation)
    written = image.words.created_at
    assets["KnowledgeBaseAnswerTranslation"][str(translation)] = {
        "id": translation,
        "title": image.words.title,
        "kb_locale_id": locale_id,
        "answer_id": number,
        "content_id": translation,
        "created_at": None if image.created_at is None else image.created_at.isoformat(),
        "updated_at": None if written is None else written.isoformat(),
    }
    assets["KnowledgeBaseAnswerTranslationContent"][str(translation)] = {
        "id": translation,
        "body": html_of(revision_text(image.words, image.language)),
    }
