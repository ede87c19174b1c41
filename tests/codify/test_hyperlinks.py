"""Links are found where they are written, understood, and judged by what is there."""

import pytest

from codify.hyperlinks import (
    NOT_TRIED,
    OK,
    Known,
    Target,
    TargetKind,
    anchors_of,
    find_links,
    judge,
    target_of,
)

BASE = "https://kb.example.com/x"
TEXT = """برای [برگشت پول](/articles/abc#h-زمان) فرم را ببینید.

![عکس](/v1/articles/abc/attachments/f1 "نما") و <https://example.org/a?b=1> و [همان](/articles/abc#h-زمان).

| کجا | چه |
|---|---|
| [فرم][form] | `[نه](/no)` |

    [نه](/code)

[form]: https://example.org/فرم
"""


def test_links_are_found_with_their_places() -> None:
    found = find_links(TEXT)
    assert [TEXT[link.start : link.end] for link in found] == [
        "/articles/abc#h-زمان",
        "/v1/articles/abc/attachments/f1",
        "https://example.org/a?b=1",
        "/articles/abc#h-زمان",
        "https://example.org/فرم",
    ]
    assert found[0].start != found[3].start
    assert found[4].address == "https://example.org/%D9%81%D8%B1%D9%85"


@pytest.mark.parametrize("text", ["", "متن", "[باز](", "[]()", "![](", "<javascript:alert(1)>"])
def test_what_is_no_link_is_none(text: str) -> None:
    assert [link for link in find_links(text) if not link.address.startswith("javascript")] == []


def test_odd_line_ends_move_no_place() -> None:
    text = "الف\u2028ب\x0bپ\n\n[ت](/articles/a)"
    (link,) = find_links(text)
    assert text[link.start : link.end] == "/articles/a"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/articles/abc", Target(TargetKind.ARTICLE, id="abc")),
        ("abc", Target(TargetKind.ARTICLE, id="abc")),
        ("#h-%D8%B2%D9%85%D8%A7%D9%86", Target(TargetKind.ARTICLE, id="self", fragment="h-زمان")),
        ("https://kb.example.com/articles/abc?lang=fa", Target(TargetKind.ARTICLE, id="abc")),
        ("/v1/articles/abc/attachments/f1", Target(TargetKind.ATTACHMENT, id="f1", owner_id="abc")),
        ("/sources/s1?passage=p#p-p", Target(TargetKind.ORIGIN, id="s1", fragment="")),
        ("/docs", Target(TargetKind.PAGE)),
        ("https://example.org/a#b", Target(TargetKind.EXTERNAL, url="https://example.org/a")),
        ("//example.org/a", Target(TargetKind.EXTERNAL, url="https://example.org/a")),
        ("mailto:a@example.org", Target(TargetKind.CONTACT)),
        ("tel:+982112345678", Target(TargetKind.CONTACT)),
        ("javascript:alert(1)", Target(TargetKind.UNUSABLE)),
        ("file:///etc/passwd", Target(TargetKind.UNUSABLE)),
        ("http://[::1", Target(TargetKind.UNUSABLE)),
        ("https://", Target(TargetKind.UNUSABLE)),
        ("https://example.org/" + "a" * 3000, Target(TargetKind.UNUSABLE)),
    ],
)
def test_addresses_are_understood(address: str, expected: Target) -> None:
    assert target_of(address, article_id="self", base_url="https://kb.example.com") == expected


def test_without_a_known_place_only_relative_addresses_are_the_installation_s_own() -> None:
    def kind(address: str) -> TargetKind:
        return target_of(address, article_id="self", base_url=None).kind

    assert kind("/articles/abc") is TargetKind.ARTICLE
    assert kind("https://kb.example.com/articles/abc") is TargetKind.EXTERNAL


def test_targets_are_judged_by_what_is_there() -> None:
    known = Known(
        articles={"a": frozenset({"h-زمان"})}, attachments={"f": "a", "g": "hidden"}, origins=frozenset({"s"})
    )

    def outcome(kind: TargetKind, **given: str) -> str:
        return judge(Target(kind, **given), known).outcome

    assert outcome(TargetKind.ARTICLE, id="a") == "ok"
    assert outcome(TargetKind.ARTICLE, id="a", fragment="h-زمان") == "ok"
    assert outcome(TargetKind.ARTICLE, id="a", fragment="h-مکان") == "no_such_heading"
    assert outcome(TargetKind.ARTICLE, id="a", fragment="content") == "ok"
    assert outcome(TargetKind.ARTICLE, id="b") == "no_such_article"
    assert outcome(TargetKind.ATTACHMENT, id="f", owner_id="a") == "ok"
    assert outcome(TargetKind.ATTACHMENT, id="f", owner_id="b") == "no_such_file"
    assert outcome(TargetKind.ATTACHMENT, id="g", owner_id="hidden") == "no_such_file"
    assert outcome(TargetKind.ORIGIN, id="s") == "ok"
    assert outcome(TargetKind.ORIGIN, id="t") == "no_such_page"
    assert judge(Target(TargetKind.EXTERNAL, url="x"), known) is NOT_TRIED
    assert judge(Target(TargetKind.CONTACT), known) is OK
    assert judge(Target(TargetKind.UNUSABLE), known).is_broken


def test_repeated_headings_are_numbered() -> None:
    assert anchors_of("## زمان\n\n## **زمان**\n\n## ؟!") == {"h-زمان", "h-زمان-2", "h-section"}
