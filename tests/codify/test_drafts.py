"""Article drafts from notes and conversations, with the spans they came from."""

from hypothesis import given
from hypothesis import strategies as st

from codify.drafts import (
    TITLE_CHARS,
    ArticleDraft,
    DraftText,
    ToldNote,
    draft_from_conversation,
    draft_from_notes,
)
from codify.elicitation.element import Element
from codify.elicitation.telling import PastProbe
from kb.conversation import TurnDraft
from kb.vocabulary import Language, OriginKind, Speaker

NOTE = ToldNote(
    "n1",
    "مشتری زنگ زد و گفت «اینترنتم هر شب قطع می‌شود». اول کابل را عوض کردم. بعد مودم را ریست کردم، "
    "چون سوکت قدیمی نویز می‌گیرد. مگر اینکه مودم فیبر باشد.",
    (
        PastProbe(Element.CUE, "چراغ ADSL چشمک می‌زد"),
        PastProbe(Element.NOVICE_ERROR, None),
    ),
)
TURNS = [
    TurnDraft(Speaker.SYSTEM, "conversation started"),
    TurnDraft(Speaker.CUSTOMER, "سلام"),
    TurnDraft(Speaker.CUSTOMER, "سلام، کد ورود نمیاد برام"),
    TurnDraft(Speaker.AGENT, "چند بار زدید؟"),
    TurnDraft(Speaker.AGENT, "شصت ثانیه صبر کنید و بعد دکمهٔ تماس صوتی را بزنید."),
    TurnDraft(Speaker.CUSTOMER, "درست شد ممنون"),
]


def lines(draft: ArticleDraft) -> list[DraftText]:
    return [draft.title, *draft.issue, draft.environment, draft.resolution, draft.cause]


def test_a_notes_parts_fill_the_fields_of_an_article() -> None:
    draft = draft_from_notes([NOTE], language=Language.ENGLISH)
    assert draft.language is Language.PERSIAN
    assert [line.text for line in draft.issue] == ["اینترنتم هر شب قطع می‌شود"]
    assert draft.title.text == "اینترنتم هر شب قطع می‌شود"
    assert draft.resolution.text.startswith("1. اول کابل را عوض کردم.\n2. بعد مودم را ریست کردم.")
    assert "## از کجا بفهمید\n\nچراغ ADSL چشمک می‌زد." in draft.resolution.text
    assert "## کجا جواب نمی‌دهد\n\nمگر اینکه مودم فیبر باشد." in draft.resolution.text
    assert "اشتباه رایج" not in draft.resolution.text
    assert "نویز" in draft.cause.text
    assert draft.origins == ((OriginKind.NOTE, "n1"),)


def test_every_piece_says_where_it_was_cut_from() -> None:
    draft = draft_from_notes([NOTE], language=Language.PERSIAN)
    texts = {None: NOTE.text, 0: NOTE.past[0].answer or ""}
    for line in lines(draft):
        for piece in line.pieces:
            words = texts[piece.part][piece.start : piece.end].strip(" .،,»«")
            assert words[:10] in line.text or words[-10:] in line.text
    (issue,) = draft.issue
    (piece,) = issue.pieces
    assert NOTE.text[piece.start : piece.end] == issue.text


def test_two_notes_are_put_side_by_side_and_both_cited() -> None:
    other = ToldNote("n2", "یه مشتری پیام داد که کارتش گیر کرده. با کلید پشت کارت را درآوردم.")
    draft = draft_from_notes([NOTE, other], language=Language.PERSIAN)
    assert [origin for _, origin in draft.origins] == ["n1", "n2"]
    assert "3. با کلید پشت کارت را درآوردم." in draft.resolution.text


def test_of_a_conversation_the_customer_gives_the_issue_and_the_agent_the_rest() -> None:
    draft = draft_from_conversation("c1", TURNS, language=Language.ENGLISH)
    assert draft.issue[0].text == "کد ورود نمیاد برام"
    assert draft.title.text == "کد ورود نمیاد برام"
    assert "شصت ثانیه صبر کنید" in draft.resolution.text
    assert "چند بار" not in draft.resolution.text
    assert "conversation started" not in " ".join(line.text for line in lines(draft))
    (piece,) = draft.issue[0].pieces
    assert (piece.origin_kind, piece.part) == (OriginKind.CONVERSATION, 2)


def test_english_has_english_headings() -> None:
    text = (
        "A customer called because her line was dead. I swapped the cable. "
        "New colleagues always send a technician."
    )
    draft = draft_from_notes([ToldNote("n", text)], language=Language.PERSIAN)
    assert draft.language is Language.ENGLISH
    assert "## Common mistake\n\nNew colleagues always send a technician." in draft.resolution.text


def test_a_note_that_tells_nothing_still_gives_a_title() -> None:
    draft = draft_from_notes([ToldNote("n", "# سلام " * 40)], language=Language.PERSIAN)
    assert 0 < len(draft.title.text) <= TITLE_CHARS
    assert draft.issue == ()


@given(st.text(alphabet='ab #*-<>[]«»"چون مشتری گفت کردم.\n', max_size=120))
def test_no_text_breaks_a_draft_or_leaves_its_own_span(text: str) -> None:
    draft = draft_from_notes([ToldNote("n", text)], language=Language.PERSIAN)
    for line in lines(draft):
        for piece in line.pieces:
            assert 0 <= piece.start < piece.end <= len(text)
    assert "\n" not in draft.title.text
