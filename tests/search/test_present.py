"""Answers as they are shown: what of a passage answers, cut exactly, or none at all."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.edition import LivePassage
from kb.vocabulary import Audience, Language, OriginKind, PassageField
from search.plain import plain
from search.present import Presenter
from search.results import Answer, AnswerKind
from search.terms import TermCounter
from search.vocabulary import NO_STATISTICS

COUNTER = TermCounter()
START = 1000
REFUND = (
    "شمارش از لحظهٔ **تأیید** است.\n\n| روش پرداخت | زمان |\n|---|---|\n"
    "| کیف پول | تا ۱ ساعت |\n| کارت **بانکی** | ۳ تا ۵ روز |\n| کارت هدیه | |\n"
)
PASSWORD = (
    "با پیامک هم می‌شود وارد شد.\n\n## ساختن رمز تازه\n\n1. **فراموشی رمز** را بزنید.\n"
    "2. پیوند را باز کنید؛ ۱۵ دقیقه اعتبار دارد.\n3. رمز را بنویسید.\n\nپس از آن از نو وارد شوید.\n"
)


@dataclass
class Asker:
    """Asks one presenter about texts, as of origins of their own."""

    presenter: Presenter
    asked: int = 0

    def ask(
        self,
        question: str,
        *texts: str,
        title: str = "",
        path: tuple[str, ...] = (),
        confidence: float = 0.9,
        asked_as: str = "",
    ) -> Answer | None:
        passages = [self._passage(text, title, path) for text in texts]
        query = COUNTER.query(question)
        return self.presenter.answer(passages, question, query, NO_STATISTICS, confidence, asked_as)

    def _passage(self, text: str, title: str, path: tuple[str, ...]) -> LivePassage:
        self.asked += 1
        return LivePassage(
            id=str(self.asked),
            edition_id="e",
            origin_kind=OriginKind.ARTICLE,
            origin_id="o",
            field=PassageField.BODY,
            start=START,
            end=START + len(text),
            heading_path=path,
            text=text,
            places=COUNTER.places(text),
            analyzer_id=COUNTER.version,
            title=title,
            audience=Audience.PUBLIC,
            language=Language.PERSIAN,
            tags=(),
            products=(),
            state=None,
            vouched_at=datetime(2025, 1, 1, tzinfo=UTC),
        )


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker(Presenter(COUNTER))


def cut(text: str, start: int, end: int) -> str:
    return text[start - START : end - START]


def test_a_row_is_shown_under_its_headers_with_exact_offsets(asker: Asker) -> None:
    answer = asker.ask("زمان برای کارت بانکی", REFUND)
    assert answer is not None
    assert answer.kind is AnswerKind.ROW
    assert answer.text == "روش پرداخت: کارت بانکی؛ زمان: ۳ تا ۵ روز"
    (row,) = answer.rows
    assert [(cell.header, cell.text) for cell in row] == [
        ("روش پرداخت", "کارت بانکی"),
        ("زمان", "۳ تا ۵ روز"),
    ]
    assert [cut(REFUND, cell.start, cell.end) for cell in row] == ["کارت **بانکی", "۳ تا ۵ روز"]
    assert cut(REFUND, answer.start, answer.end) == "کارت **بانکی** | ۳ تا ۵ روز"


def test_rows_that_answer_alike_are_all_shown(asker: Asker) -> None:
    answer = asker.ask("پولم کی برمی‌گردد؟", REFUND, title="زمان برگشت پول")
    assert answer is not None
    assert [row[0].text for row in answer.rows] == ["کیف پول", "کارت بانکی"]


def test_how_is_answered_with_all_steps(asker: Asker) -> None:
    answer = asker.ask("چطور رمز تازه بسازم؟", PASSWORD)
    assert answer is not None
    assert answer.kind is AnswerKind.STEPS
    assert answer.lead is not None
    assert answer.lead.text == "ساختن رمز تازه"
    assert [step.text for step in answer.steps] == [
        "فراموشی رمز را بزنید.",
        "پیوند را باز کنید؛ ۱۵ دقیقه اعتبار دارد.",
        "رمز را بنویسید.",
    ]
    assert answer.text.splitlines()[:2] == ["ساختن رمز تازه", "1. فراموشی رمز را بزنید."]
    assert cut(PASSWORD, answer.start, answer.end).startswith("ساختن")
    assert cut(PASSWORD, answer.start, answer.end).endswith("بنویسید.")
    assert (answer.first_number, answer.is_whole) == (1, True)


def test_what_one_step_holds_is_answered_with_that_step(asker: Asker) -> None:
    answer = asker.ask("پیوند چند دقیقه اعتبار دارد؟", PASSWORD)
    assert answer is not None
    assert answer.kind is AnswerKind.SENTENCE
    assert answer.text == "پیوند را باز کنید؛ ۱۵ دقیقه اعتبار دارد."


def test_the_title_and_the_headings_above_count_as_said(asker: Asker) -> None:
    text = "تا هفت روز پس از تحویل. " + "کالا باید در بستهٔ خودش باشد و برچسب داشته باشد. " * 12
    assert asker.ask("مهلت مرجوعی", text, confidence=0.1) is None
    for above in ({"title": "مهلت مرجوعی"}, {"path": ("مرجوعی", "مهلت")}):
        answer = asker.ask("مهلت مرجوعی", text, confidence=0.1, **above)  # type: ignore[arg-type]
        assert answer is not None
        assert answer.text.startswith("تا هفت روز")


def test_a_question_in_the_text_is_answered_by_what_follows_it(asker: Asker) -> None:
    answer = asker.ask(
        "آیا کتاب پس می‌گیرید؟", "آیا کتاب پس می‌گیرید؟ بله، تا هفت روز پس از تحویل به شما.\n\nپایان."
    )
    assert answer is not None
    assert answer.text == "بله، تا هفت روز پس از تحویل به شما."


def test_where_no_word_of_the_question_stands_there_is_no_answer(asker: Asker) -> None:
    long = "کتاب‌ها را تا هفت روز می‌توانید پس بدهید. " * 12
    assert asker.ask("گارانتی ماشین لباسشویی", long, PASSWORD) is None
    assert asker.ask("zzz", "کتاب‌ها را پس می‌گیریم.", confidence=0.1) is None


def test_a_likely_hit_answers_across_languages_where_little_can_be_wrong(asker: Asker) -> None:
    long = "کتاب‌ها را پس بدهید. " * 20
    timed = asker.ask("when can I return books", f"{long}تا هفت روز فرصت دارید که کتاب را پس بدهید.")
    assert timed is not None
    assert timed.text == "تا هفت روز فرصت دارید که کتاب را پس بدهید."
    short = asker.ask("may I return books", "کتاب پس می‌گیریم. بستهٔ آن مهم نیست.")
    assert short is not None
    assert short.text == "کتاب پس می‌گیریم. بستهٔ آن مهم نیست."
    assert asker.ask("may I return books", long) is None


def test_a_heading_alone_is_no_answer(asker: Asker) -> None:
    assert asker.ask("مهلت مرجوعی", "## مهلت مرجوعی\n") is None


PIECES = """
| |---|---| \\| -_ __-_ 1._ ۲._ 3)_ ↵ ↵↵ #_ ** ` ```↵ >_ [x](y)
:↵ ؟_ ._ کارت بانکی زمان refund _ ۳_روز <br> ~~ ---↵
"""
MARKUP = st.sampled_from([piece.replace("_", " ").replace("↵", "\n") for piece in PIECES.split()])


@given(st.lists(MARKUP, max_size=60).map("".join))
def test_whatever_the_markdown_offsets_cut_what_is_shown(text: str) -> None:
    asker = Asker(Presenter(COUNTER))
    for question in ("زمان کارت بانکی چقدر است", "how to refund", "چطور کارت"):
        answer = asker.ask(question, text)
        if answer is None:
            continue
        assert START <= answer.start < answer.end <= START + len(text)
        pieces = [*answer.steps, *(cell for row in answer.rows for cell in row)]
        if answer.lead:
            pieces.append(answer.lead)
        assert bool(answer.steps) == (answer.kind is AnswerKind.STEPS)
        assert bool(answer.rows) == (answer.kind is AnswerKind.ROW)
        readable = plain(text)
        if answer.kind is AnswerKind.SENTENCE:
            left, right = readable.readable(answer.start - START, answer.end - START)
            assert readable.text[left:right] == answer.text
        for piece in pieces:
            left, right = readable.readable(piece.start - START, piece.end - START)
            assert readable.text[left:right] == piece.text
            assert answer.start <= piece.start <= piece.end <= answer.end


@pytest.mark.parametrize(
    "giant", ["کارت " * 5_000, "|" * 5_000, "- " * 5_000, "1. x\n" * 1_000, "`" * 5_001, " " * 5_000]
)
def test_giant_passages_are_answered_without_failing(asker: Asker, giant: str) -> None:
    asker.ask("چطور کارت", giant)


TIMES = (
    "Paid by card?\n\n| Paid with | Time |\n|---|---|\n"
    "| Wallet | up to 1 hour |\n| Bank card | 3 to 5 working days |\n"
)
LATE = 'Find the text message "Refund sent" and ask your bank with the number that it holds.'


def test_words_that_led_to_the_article_stand_above_every_sentence(asker: Asker) -> None:
    question = "when does my refund come"
    text = f"{LATE}\n\nWithin 3 working days of approval it is there."
    found = asker.ask(question, text)
    assert found is not None
    assert found.text == LATE
    led = asker.ask(question, text, asked_as="my refund does not come")
    assert led is not None
    assert led.text == "Within 3 working days of approval it is there."


def test_words_that_led_to_a_doubtful_hit_are_no_evidence(asker: Asker) -> None:
    text = (
        "The clock starts on approval. Banks close on Fridays, and branches in small towns on Thursdays, too."
    )
    assert asker.ask("refund delays", text, asked_as="refund delays", confidence=0.3) is None
    assert asker.ask("refund delays", text, asked_as="refund delays", confidence=0.9) is not None


def test_a_column_named_after_what_is_asked_goes_before_a_sentence_that_mentions_it(asker: Asker) -> None:
    sentence = "You can take it out within 1 working day."
    answer = asker.ask("when is it there", f"{sentence}\n\n{TIMES}", confidence=0.9)
    assert answer is not None
    assert answer.kind is AnswerKind.ROW
