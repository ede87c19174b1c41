"""Person, tense and polarity of Persian verb forms."""

import pytest

from codify.elicitation.persian_verbs import bare_verb, inflection


@pytest.mark.parametrize(
    ("form", "tags"),
    [
        ("گفتم", "1 past sg"),
        ("نگفتم", "1 neg past sg"),
        ("گفتیم", "1 past pl"),
        ("میگفتم", "1 dur past sg"),
        ("میگم", "1 dur pres sg"),
        ("میگویم", "1 dur pl pres"),
        ("میگیم", "1 dur pl pres"),
        ("نمیکنه", "3 dur neg pres sg"),
        ("میبینن", "3 dur pl pres"),
        ("میبینین", "2 dur pl pres"),
        ("برمیگرده", "3 dur pres sg"),
        ("برنمیگشت", "3 dur neg past sg"),
        ("نیومد", "3 neg past sg"),
        ("رفته", "3 perf sg"),
        ("گفتهاند", "3 perf pl"),
        ("فرستادهام", "1 perf sg"),
        ("بپرسید", "2 pl subj"),
        ("نکنید", "2 neg pl subj"),
        ("کنیم", "1 pl subj"),
        ("کن", "2 sg subj"),
        ("نزن", "2 neg sg subj"),
        ("دادمش", "1 past sg"),
        ("بپرسیدش", "2 pl subj"),
        ("داره", "3 pres sg"),
        ("نداریم", "1 neg pl pres"),
        ("زدن", "inf"),
        ("دید", "3 past sg"),
    ],
)
def test_a_form_tells_its_person_tense_and_polarity(form: str, tags: str) -> None:
    assert " ".join(inflection(form)) == tags


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        ("زد", "@زد"),
        ("نشد", "@شد"),
        ("شده", "@شد"),
        ("اومد", "@امد"),
        ("بگو", "@گفت"),
        ("کتاب", None),
        ("خرید", None),
    ],
)
def test_bare_past_stems_and_imperatives_are_verbs_but_nouns_are_not(word: str, verb: str | None) -> None:
    assert bare_verb(word) == verb
