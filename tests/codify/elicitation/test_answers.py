"""Which answers say anything."""

import pytest

from codify.elicitation.answers import says_something


@pytest.mark.parametrize(
    "answer",
    [
        "نمیدونم", "نمی دونم والا", "نمي‌دانم", "راستش نمیدونم", "به ذهنم نمی‌رسه", "چیز خاصی یادم نیست",
        "هیچی",
        "نه", "ندارم",
        "نظری ندارم", "بعدا میگم", "رد کن", "دقیقا نمیدونم چرا", "no idea", "I don't know", "idk", "not sure",
        "No", "n/a",
        "can't say", "nothing comes to mind", "skip", "-", "...", "؟", "👍", "", "  \n",
    ],
)  # fmt: skip
def test_no_answer_says_nothing(answer: str) -> None:
    assert not says_something(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "تجربه", "چراغش قرمز بود", "نمی‌دانم، شاید چون گرم بود", "نه، همیشه جواب می‌دهد", "the light",
        "Not sure, the light maybe",
        "No, it always works", "i dont know it just felt wrong", "72 hours",
    ],
)  # fmt: skip
def test_one_word_of_substance_is_an_answer(answer: str) -> None:
    assert says_something(answer)
