"""Other programs' formats: read as they give them, with Persian whole, and written so that they come back."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.exchange.foreign import Defaults, locale_language
from ingest.exchange.formats import SingleFile, read_import
from ingest.exchange.html import html_of, markdown_of
from ingest.exchange.layout import ReadFile
from ingest.exchange.zammad import write_zammad
from ingest.exchange.zendesk import write_zendesk, write_zendesk_csv
from kb.exchange.errors import ExchangeError, NotAnExport
from kb.exchange.image import ArticleImage, RevisionImage
from kb.vocabulary import ArticleState, Audience, ImportFormat, Language

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ZENDESK: dict[str, Any] = {
    "categories": [{"id": 1, "name": "سفارش", "locale": "fa"}],
    "sections": [
        {"id": 10, "name": "ارسال", "category_id": 1, "parent_section_id": None},
        {"id": 11, "name": "پیک", "category_id": 1, "parent_section_id": 10},
    ],
    "user_segments": [{"id": 7, "user_type": "signed_in_users"}, {"id": 8, "user_type": "staff"}],
    "articles": [
        {
            "id": 360001,
            "title": "هزینهٔ ارسال",
            "locale": "fa",
            "section_id": 11,
            "user_segment_id": None,
            "label_names": ["تهران", "پیک"],
            "body": "<p>می&zwnj;خواهید <b>بدانید</b>؟ <a href='https://a.b/c'>اینجا</a></p>",
            "draft": False,
            "created_at": "2024-01-02T03:04:05Z",
            "edited_at": "2024-02-02T03:04:05Z",
            "translations": [
                {"locale": "fa", "title": "هزینهٔ ارسال", "body": "<p>می‌خواهید؟</p>", "draft": False},
                {"locale": "en-us", "title": "Delivery costs", "body": "<p>Costs</p>", "draft": True},
                {"locale": "de", "title": "Versand", "body": "<p>Kosten</p>", "draft": False},
            ],
        },
        {"id": 360002, "title": "Staff", "locale": "en-us", "body": "<p>x</p>", "user_segment_id": 99},
        {"id": 360003, "title": "Members", "locale": "en-us", "body": "<p>x</p>", "user_segment_id": 7},
    ],
}
ZAMMAD: dict[str, Any] = {
    "Locale": {"1": {"id": 1, "locale": "fa-ir"}, "2": {"id": 2, "locale": "en-us"}},
    "KnowledgeBaseLocale": {
        "5": {"id": 5, "system_locale_id": 1, "primary": True},
        "6": {"id": 6, "system_locale_id": 2},
    },
    "KnowledgeBaseCategory": {"2": {"id": 2, "parent_id": 1}, "1": {"id": 1, "parent_id": None}},
    "KnowledgeBaseCategoryTranslation": {
        "1": {"id": 1, "title": "پرداخت", "kb_locale_id": 5, "category_id": 1},
        "2": {"id": 2, "title": "کارت", "kb_locale_id": 5, "category_id": 2},
        "3": {"id": 3, "title": "Card", "kb_locale_id": 6, "category_id": 2},
    },
    "KnowledgeBaseAnswer": {
        "1": {"id": 1, "category_id": 2, "published_at": "2024-01-01T00:00:00Z", "tags": ["رمز"]},
        "2": {"id": 2, "category_id": 2, "internal_at": "2024-01-01T00:00:00Z"},
        "3": {"id": 3, "category_id": 2, "published_at": "2099-01-01T00:00:00Z"},
        "4": {
            "id": 4,
            "category_id": 2,
            "published_at": "2024-01-01T00:00:00Z",
            "archived_at": "2025-01-01T00:00:00Z",
        },
        "5": {"id": 5, "category_id": 2},
    },
    "KnowledgeBaseAnswerTranslation": {
        "1": {"id": 1, "title": "رمز دوم", "kb_locale_id": 5, "answer_id": 1, "content_id": 1},
        "2": {"id": 2, "title": "Second password", "kb_locale_id": 6, "answer_id": 1, "content_id": 2},
        "3": {"id": 3, "title": "داخلی", "kb_locale_id": 5, "answer_id": 2, "content_id": 3},
        "4": {"id": 4, "title": "بعداً", "kb_locale_id": 5, "answer_id": 3, "content_id": 3},
        "5": {"id": 5, "title": "کهنه", "kb_locale_id": 5, "answer_id": 4, "content_id": 3},
    },
    "KnowledgeBaseAnswerTranslationContent": {
        "1": {"id": 1, "body": "<div>رمز را از <b>برنامه</b> بگیرید.</div>"},
        "2": {"id": 2, "body": "<div>Take it from the app.</div>"},
        "3": {"id": 3, "body": "<div>متن</div>"},
    },
}


def read(
    name: str, data: bytes | Any, wanted: ImportFormat = ImportFormat.AUTO, **defaults: Any
) -> list[ReadFile]:
    raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return list(read_import(SingleFile(name, raw), wanted, Defaults(**defaults), now=NOW))


def articles(files: list[ReadFile]) -> dict[str, ArticleImage]:
    found = {}
    for one in files:
        if isinstance(one.image, ArticleImage):
            found[one.image.external_id or ""] = one.image
    return found


def test_a_guide_export_is_read_with_its_translations_sections_and_segments() -> None:
    files = read("guide.json", ZENDESK)
    found = articles(files)
    assert sorted(found) == [
        "zendesk:360001:en-us", "zendesk:360001:fa", "zendesk:360002:en-us", "zendesk:360003:en-us",
    ]  # fmt: skip
    persian, english = found["zendesk:360001:fa"], found["zendesk:360001:en-us"]
    assert (persian.language, persian.audience, persian.state, persian.released) == (
        Language.PERSIAN, Audience.PUBLIC, ArticleState.VALIDATED, True,
    )  # fmt: skip
    assert persian.tags == ("سفارش", "ارسال", "پیک", "تهران")
    assert persian.words.resolution == "می‌خواهید؟"
    assert persian.translation_group == english.translation_group == "zendesk:360001"
    assert (english.released, english.state) == (False, ArticleState.WORK_IN_PROGRESS)
    assert found["zendesk:360002:en-us"].audience is Audience.INTERNAL  # an unknown segment sees nothing
    assert found["zendesk:360003:en-us"].audience is Audience.PARTNER
    (german,) = [one for one in files if one.left_out]
    assert (german.filename, german.left_out) == (
        "guide.json, article 360001 (de)",
        "the language de is not kept here",
    )


def test_the_body_of_an_article_without_translations_keeps_its_links_and_zwnj() -> None:
    whole = {"articles": [{**ZENDESK["articles"][0], "translations": None}]}
    (image,) = articles(read("a.json", whole)).values()
    assert image.words.resolution == "می‌خواهید **بدانید**؟ [اینجا](https://a.b/c)"
    assert (image.created_at, image.words.created_at) == (
        datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2024, 2, 2, 3, 4, 5, tzinfo=UTC),
    )


def test_translations_listed_apart_find_their_article() -> None:
    article = {**ZENDESK["articles"][0], "translations": None}
    apart = [
        {"source_id": 360001, "source_type": "Article", "locale": "fa", "title": "ت", "body": "<p>ب</p>"}
    ]
    (image,) = articles(read("a.json", {"articles": [article], "translations": apart})).values()
    assert (image.words.title, image.words.resolution) == ("ت", "ب")


def test_what_is_said_of_all_wins_over_what_the_file_says() -> None:
    found = articles(read("a.json", ZENDESK, audience=Audience.INTERNAL, owner="negar"))
    assert {image.audience for image in found.values()} == {Audience.INTERNAL}
    assert {image.owner for image in found.values()} == {"negar"}


@pytest.mark.parametrize(
    ("article", "said"),
    [
        ({"title": "x", "locale": "fa", "body": "<p>x</p>"}, "no id or no title"),
        ({"id": 1, "locale": "fa", "body": "<p>x</p>"}, "no id or no title"),
        ({"id": 1, "title": "x", "locale": "fa", "body": None}, "its body is empty"),
        ({"id": 1, "title": "x", "locale": "fa", "body": "<script>x</script>"}, "its body is empty"),
    ],
)
def test_an_article_that_cannot_be_used_is_named(article: Mapping[str, Any], said: str) -> None:
    (one,) = read("a.json", {"articles": [article]})
    assert said in str(one.error)
    assert one.filename.startswith("a.json, article")


def test_zammads_assets_are_read_with_their_states_and_categories() -> None:
    files = read("kb.json", ZAMMAD)
    found = articles(files)
    persian, english = found["zammad:1:fa-ir"], found["zammad:1:en-us"]
    assert (persian.audience, persian.released, persian.tags) == (
        Audience.PUBLIC,
        True,
        ("پرداخت", "کارت", "رمز"),
    )
    assert (english.language, english.tags[1]) == (Language.ENGLISH, "Card")
    assert persian.words.resolution == "رمز را از **برنامه** بگیرید."
    assert persian.translation_group == english.translation_group == "zammad:1"
    inner, later, old = (found[f"zammad:{number}:fa-ir"] for number in (2, 3, 4))
    assert (inner.audience, inner.released) == (Audience.INTERNAL, True)
    assert (later.audience, later.released) == (Audience.INTERNAL, False)
    assert old.state is ArticleState.ARCHIVED
    assert [one.filename for one in files if one.error] == ["kb.json, answer 5"]


def test_zammads_assets_may_be_wrapped_listed_and_named_with_colons() -> None:
    listed = {
        name.replace("KnowledgeBaseAnswerTranslation", "KnowledgeBase::Answer::Translation"): list(
            rows.values()
        )
        for name, rows in ZAMMAD.items()
    }
    assert articles(read("kb.json", {"assets": listed})) == articles(read("kb.json", ZAMMAD))


IMAGES = [
    ArticleImage(
        RevisionImage(
            "هزینهٔ ارسال", resolution="می‌خواهید **بدانید**؟\n\n- یک\n- دو", cause="چون", created_at=NOW
        ),
        id="a1", audience=Audience.PUBLIC, state=ArticleState.VALIDATED, released=True, released_at=NOW,
        tags=("ارسال",), translation_group="g", created_at=NOW, updated_at=NOW,
    ),
    ArticleImage(
        RevisionImage("Costs", resolution="| a | b |\n| --- | --- |\n| 1 | 2 |", created_at=NOW),
        id="a2", language=Language.ENGLISH, audience=Audience.PUBLIC, state=ArticleState.VALIDATED,
        released=True, released_at=NOW, translates="a1", translation_group="g",
        created_at=NOW, updated_at=NOW,
    ),
    ArticleImage(
        RevisionImage("پیش‌نویس", resolution="متن", created_at=NOW), id="a3", created_at=NOW, updated_at=NOW
    ),
    ArticleImage(
        RevisionImage("کهنه", resolution="متن", created_at=NOW), id="a4", state=ArticleState.ARCHIVED,
        created_at=NOW, updated_at=NOW,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("write", "name"),
    [(write_zendesk, "a.json"), (write_zendesk_csv, "a.csv"), (write_zammad, "a.json")],
    ids=["zendesk", "zendesk-csv", "zammad"],
)
def test_what_is_written_for_another_program_comes_back(write: Any, name: str) -> None:
    data = write(IMAGES)
    assert write(IMAGES) == data
    found = {image.words.title: image for image in articles(read(name, data)).values()}
    assert set(found) - {"کهنه"} == {"هزینهٔ ارسال", "Costs", "پیش‌نویس"}
    costs = found["هزینهٔ ارسال"]
    assert costs.words.resolution == "می‌خواهید **بدانید**؟\n\n- یک\n- دو\n\n## علت\n\nچون"
    assert (costs.audience, costs.released) == (Audience.PUBLIC, True)
    assert "ارسال" in costs.tags
    assert found["Costs"].words.resolution == IMAGES[1].words.resolution
    assert (found["پیش‌نویس"].released, found["Costs"].language) == (False, Language.ENGLISH)
    if name == "a.json":
        assert costs.translation_group == found["Costs"].translation_group is not None


@pytest.mark.parametrize(
    "markdown",
    [
        "می‌خواهم [این_جا](https://x.y/a_b) بروم.",
        "## تیتر\n\n1. یک\n2. دو\n   - سه",
        "```sh\nls *\n\n\n\n  x\n```",
        "| الف | ب |\n| --- | --- |\n| ۱ | ۲\\|۳ |",
        "> نقل",
        "\u200fمتن\u202b راست\u202c چپ",
        "1\\. عدد\n\n\\# نه تیتر\n\nستاره \\* و \\_خط\\_ و \\<script>",
    ],
)
def test_markdown_survives_being_html(markdown: str) -> None:
    assert markdown_of(html_of(markdown)) == markdown


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<a href='javascript:alert(1)'></a>",
        "<img src='data:text/html,x'>",
        "<style>x{}</style><!-- <b>alert</b> -->",
        "<iframe src='https://evil.example'></iframe>",
    ],
)
def test_what_runs_or_hides_in_html_is_not_kept(html: str) -> None:
    text = markdown_of(f"<p>پیش</p>{html}<p>پس</p>")
    assert [line for line in text.split("\n") if line] == ["پیش", "پس"]


def test_html_that_is_nested_without_end_gives_its_words() -> None:
    assert markdown_of("<div>" * 20_000 + "متن" + "</div>" * 20_000) == "متن"


CSV = (
    "پرسش,پاسخ,برچسب‌ها,مخاطب,زبان\n"
    '"پولم کی برمی‌گرده؟ | زمان بازگشت وجه",تا ۷۲ ساعت.,پرداخت، مرجوعی,عمومی,فارسی\n'
    "کی می‌رسه؟,فردا,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_of_questions_is_read_in_any_encoding_and_with_any_delimiter(
    encoding: str, delimiter: str
) -> None:
    text = CSV if encoding != "cp1256" else CSV.replace("ی", "ي").replace("ک", "ك").replace("۷۲", "72")
    files = read("faq.csv", text.replace(",", delimiter).encode(encoding))
    first, second = (one.image for one in files)
    assert isinstance(first, ArticleImage)
    assert isinstance(second, ArticleImage)
    title = first.words.title.replace("ي", "ی").replace("ك", "ک")
    assert (title, len(first.issue)) == ("پولم کی برمی‌گرده؟", 2)
    assert first.tags == ("پرداخت", "مرجوعی") or encoding == "cp1256"
    assert (first.audience, first.language) == (Audience.PUBLIC, Language.PERSIAN)
    assert (second.audience, second.released, second.tags) == (Audience.INTERNAL, True, ())


@pytest.mark.parametrize(
    "header",
    [
        "question,answer",
        "Answer,Question",
        "سؤال,جواب",
        "سوالات,پاسخ",
        "پرسش‌ها,متن پاسخ",
        "Q,A",
        "\ufeffسوال,پاسخ",
    ],
)
def test_headers_are_known_in_both_languages(header: str) -> None:
    flipped = header.startswith("Answer")
    row = "ب,الف" if flipped else "الف,ب"
    (one,) = read("faq.csv", f"{header}\n{row}\n".encode())
    assert isinstance(one.image, ArticleImage)
    assert (one.image.words.title, one.image.words.resolution) == ("الف", "ب")


def test_two_columns_without_a_header_are_question_and_answer() -> None:
    files = read("faq.csv", "پولم کی میاد؟,سه روز بعد\nکجایید؟,تهران\n".encode())
    assert [image.words.title for image in articles(files).values()] == ["پولم کی میاد؟", "کجایید؟"]


def test_further_phrasings_stand_in_columns_and_lines_of_their_own() -> None:
    data = b'question,question 2,alternatives,answer\n"a\nb",c,d|e,"1\n\n2"\n'
    (image,) = articles(read("faq.csv", data, ImportFormat.FAQ)).values()
    assert image.issue == ("a", "b", "c", "d", "e")
    assert image.words.resolution == "1\n\n2"


def test_a_json_list_of_questions_is_read_like_a_table() -> None:
    (image,) = articles(read("faq.json", [{"question": ["a", "b"], "answer": "c", "tags": ["d"]}])).values()
    assert (image.words.title, image.issue, image.tags) == ("a", ("a", "b"), ("d",))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",x,,", "question or answer is empty"),
        ("x,,,", "question or answer is empty"),
        ("x,y,everyone,", "the audience everyone is none of"),
        ("x,y,,klingon", "the language klingon is none of"),
        ("الف,دوباره,,", "line 2 asks the same"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_line(row: str, said: str) -> None:
    data = f'question,answer,audience,language\n"الف",ب,,\n"چند\nخط",ج,,\n{row}\n'.encode()
    files = read("faq.csv", data)
    assert [one.filename for one in files if one.error] == ["faq.csv, line 5"]
    assert said in str(files[-1].error)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "nothing in it"),
        ("a.csv", b"one,two,three\n1,2,3\n", "names no columns question and answer"),
        ("a.csv", b"\x00\x01\x02\x03" * 50, "no text"),
        ("a.csv", "سلام خوبی".encode() * 30 + b"\xff\xfe\x81" * 2, "save it as UTF-8"),
        ("a.json", b"{", "no JSON (line 1"),
        ("a.json", b"[" * 100_000, "no JSON|cannot be read"),
        ("a.json", b'{"x": 1}', "no format that is known"),
        ("a.json", b"\xff", "not UTF-8"),
        ("a.pdf", b"%PDF", "neither manifest.json nor"),
    ],
)
def test_a_file_that_is_nothing_of_it_is_refused(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        read(name, data)
    assert any(part in str(refused.value) for part in said.split("|"))


def test_the_wanted_format_is_not_guessed_around() -> None:
    with pytest.raises(NotAnExport, match="nothing of zammad"):
        read("a.json", ZENDESK, ImportFormat.ZAMMAD)
    with pytest.raises(NotAnExport, match="manifest"):
        read("a.json", ZENDESK, ImportFormat.MARKDOWN)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fa", "fa"), ("FA_ir", "fa"), ("en-us", "en"), ("de", None), ("", None), ("fast", None)],
)
def test_locales_are_languages(locale: str, language: str | None) -> None:
    assert locale_language(locale) == language
