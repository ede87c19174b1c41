"""What speaks against a draft is found, with its place, and nothing else."""

from dataclasses import replace

import pytest

from codify.hyperlinks import OK, FoundLink, Verdict
from codify.standard import Draft, Remark, TriedLink, remarks_on
from kb.vocabulary import ContentItem, Language
from search.analysis.analyzer import Analyzer

ANALYZER = Analyzer()
GOOD = Draft(
    language=Language.PERSIAN,
    title="زمان برگشت پول پس از مرجوعی",
    resolution="پول پس از تأیید مرجوعی به همان کارت برمی‌گردد.\n\n1. فرم را پر کنید.\n2. کالا را بفرستید.",
    environment="خرید از سایت",
    cause="",
    issue=("پولم کی برمی‌گرده؟",),
    has_owner=True,
    has_topic=True,
    is_verified_again=True,
)
ENGLISH = replace(
    GOOD,
    language=Language.ENGLISH,
    title="How long a refund takes",
    resolution="Refunds to a bank card take three to five working days after the return is approved.",
    environment="",
    issue=("where is my money",),
)


def codes(draft: Draft, item: ContentItem) -> list[str]:
    return [remark.code for remark in remarks(draft, item)]


def remarks(draft: Draft, item: ContentItem) -> list[Remark]:
    return remarks_on(draft, analyzer=ANALYZER, twins=(), links=())[item]


@pytest.mark.parametrize("draft", [GOOD, ENGLISH], ids=["fa", "en"])
def test_nothing_speaks_against_a_good_draft(draft: Draft) -> None:
    found = remarks_on(draft, analyzer=ANALYZER, twins=(), links=())
    assert set(found) == set(ContentItem)
    assert {item: remarks for item, remarks in found.items() if remarks} == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"resolution": ""}, "short_resolution"),
        ({"resolution": "**صبر** کنید"}, "short_resolution"),
        ({"issue": ()}, "no_issue"),
        ({"cause": "؟؟؟"}, "unfinished"),
        ({"title": "زمان برگشت پول [...]"}, "unfinished"),
        ({"environment": "بعداً تکمیل می‌کنم"}, "unfinished"),
        ({"cause": "TODO: ask Sara"}, "unfinished"),
    ],
)
def test_what_is_not_complete_is_said(given: dict[str, object], code: str) -> None:
    assert code in codes(replace(GOOD, **given), ContentItem.COMPLETE)  # type: ignore[arg-type]


def test_an_unfinished_place_is_pointed_at() -> None:
    draft = replace(GOOD, cause="درگاه کند است. TODO بیشتر")
    (remark,) = remarks(draft, ContentItem.COMPLETE)
    assert (remark.field, draft.cause[remark.start : remark.end]) == ("cause", "TODO")


def test_a_long_sentence_is_pointed_at_with_its_length() -> None:
    long = "این جمله " * 21 + "تمام شد."
    draft = replace(GOOD, resolution=f"## تیتر\n\nکوتاه است. {long} باز هم کوتاه.")
    (remark,) = remarks(draft, ContentItem.CLEAR)
    assert (remark.code, draft.resolution[remark.start : remark.end]) == ("long_sentence", long)
    assert "44" in remark.en


def test_long_paragraphs_and_steps_in_prose_are_pointed_at() -> None:
    steps = "ابتدا فرم را پر کنید. سپس کالا را بفرستید. در پایان رسید بگیرید."
    draft = replace(GOOD, resolution=f"{steps}\n\n- {steps}\n\n" + "جمله‌ای کوتاه است. " * 45)
    found = remarks(draft, ContentItem.CLEAR)
    assert [remark.code for remark in found] == ["steps_in_prose", "long_paragraph"]
    assert draft.resolution[found[0].start : found[0].end].strip() == steps
    english = replace(
        ENGLISH, resolution="First of all call us. Then wait a day. Next, send it. Finally, rest."
    )
    assert codes(english, ContentItem.CLEAR) == ["steps_in_prose"]


def test_tables_and_code_are_no_sentences() -> None:
    table = "| کجا | چه |\n|---|---|\n| " + "خانه " * 60 + "| بله |\n\n```\n" + "کد " * 60 + "\n```"
    assert codes(replace(GOOD, resolution=GOOD.resolution + "\n\n" + table), ContentItem.CLEAR) == []


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("راهنما", "generic_title"),
        ("سوالات!", "generic_title"),
        ("FAQ", "generic_title"),
        ("زمان برگشت پول " * 8, "long_title"),
        ("تعویض لاستیک زمستانی خودرو", "title_elsewhere"),
    ],
)
def test_a_title_that_does_not_fit_is_said(title: str, code: str) -> None:
    assert codes(replace(GOOD, title=title), ContentItem.TITLE) == [code]


def test_a_title_may_say_it_in_another_form() -> None:
    assert codes(replace(GOOD, title="برگرداندن پول مرجوعی‌ها"), ContentItem.TITLE) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"language": Language.ENGLISH}, "language"),
        ({"has_owner": False}, "no_owner"),
        ({"has_topic": False}, "no_topic"),
        ({"is_verified_again": False}, "never_verified_again"),
    ],
)
def test_what_is_missing_around_it_is_said(given: dict[str, object], code: str) -> None:
    assert codes(replace(GOOD, **given), ContentItem.METADATA) == [code]  # type: ignore[arg-type]


def test_twins_and_broken_links_are_named() -> None:
    link = FoundLink("/articles/none", 3, 17)
    links = [
        TriedLink("cause", link, Verdict(True, "no_such_article"), "نیست", "is not there"),
        TriedLink("cause", link, OK, "", ""),
        TriedLink("cause", link, Verdict(None, "not_tried"), "", ""),
    ]
    found = remarks_on(GOOD, analyzer=ANALYZER, twins=["دیگری"], links=links)
    assert "دیگری" in found[ContentItem.UNIQUE][0].fa
    (broken,) = found[ContentItem.LINKS]
    assert (broken.field, broken.start, broken.end) == ("cause", 3, 17)


@pytest.mark.parametrize(
    "text", ["\x0b", "#" * 5000, "[" * 2000, "| a |\n" * 500, "\u2028" * 10, "x" * 300_000]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    remarks_on(replace(GOOD, resolution=text), analyzer=ANALYZER, twins=(), links=())
