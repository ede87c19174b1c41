from itertools import count

from codify.candidates import signature
from codify.sweep import Served, sweep
from kb.vocabulary import FindingKind, Language, OriginKind
from search.terms import TermCounter

COUNTER = TermCounter()
_IDS = count()


def served(title: str, *passages: str, language: Language = Language.PERSIAN) -> Served:
    return Served(
        origin=(OriginKind.ARTICLE, f"a{next(_IDS)}"),
        language=language,
        title=title,
        text="".join(passages),
        passages=passages,
        signatures=tuple(signature(COUNTER.count(text)) for text in passages),
    )


RETURN = "کالا را تا ۷ روز پس از تحویل می‌توانید برگردانید و پول شما به کارت برمی‌گردد."
OTHER = "برای تغییر رمز عبور به بخش تنظیمات حساب بروید و روی تغییر رمز بزنید."


def found(*given: Served) -> list[tuple[FindingKind, str, str]]:
    return [(one.kind, one.left[1], one.right[1]) for one in sweep(given, analyzer=COUNTER.analyzer)]


def test_a_differing_fact_in_alike_passages_is_a_contradiction() -> None:
    one, two = served("مهلت مرجوعی", OTHER, RETURN), served("مهلت مرجوعی", RETURN.replace("۷", "۱۰"))
    drafts = [d for d in sweep([one, two], analyzer=COUNTER.analyzer) if d.kind is FindingKind.CONTRADICTION]
    (draft,) = drafts
    assert {draft.left, draft.right} == {one.origin, two.origin}
    facts = {draft.left: draft.data["left"][0]["fact"], draft.right: draft.data["right"][0]["fact"]}
    assert facts == {one.origin: "تا ۷ روز", two.origin: "تا ۱۰ روز"}


def test_equal_texts_are_duplicates_and_contradict_nothing() -> None:
    one, two = served("مهلت مرجوعی", RETURN), served("مهلت مرجوعی", RETURN)
    assert found(one, two) == [(FindingKind.DUPLICATE, one.origin[1], two.origin[1])]


def test_passages_of_one_origin_are_not_held_against_one_another() -> None:
    assert found(served("مهلت مرجوعی", RETURN, RETURN.replace("۷", "۱۰"))) == []


def test_texts_about_other_things_are_not_paired() -> None:
    assert found(served("مرجوعی", RETURN), served("رمز عبور", OTHER)) == []
    assert found() == []
