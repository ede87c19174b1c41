import pytest

from search.generate.citations import renumber, without_marks


@pytest.mark.parametrize(
    ("written", "shown", "places"),
    [
        ("پول برمی‌گردد [2]. بعد [1].", "پول برمی‌گردد [1]. بعد [2].", (1, 0)),
        ("a [2], b [2].", "a [1], b [1].", (1,)),
        ("الف [۱، ۳].", "الف [1][2].", (0, 2)),
        ("الف [١ و ٢].", "الف [1][2].", (0, 1)),
        ("a [1, 2, 2].", "a [1][2].", (0, 1)),
        ("a [1-3] b [1 تا 2]", "a [1][2][3] b [1][2]", (0, 1, 2)),
        ("a【2†source】", "a[1]", (1,)),
        ("a [passage 2] [بند ۱]", "a [1] [2]", (1, 0)),
        ("[1] a", "[1] a", (0,)),
        # what points nowhere goes, and the space before it
        ("a [9]. b [0] c [1][7].", "a. b c [1].", (0,)),
        ("a [1-999]", "a [1][2][3]", (0, 1, 2)),
        # no marks
        ("a (1) {2} [x] [1403] [2 روز]", "a (1) {2} [x] [1403] [2 روز]", ()),
        ("", "", ()),
    ],
)
def test_marks_of_any_form_become_one_numbered_by_first_mention(
    written: str, shown: str, places: tuple[int, ...]
) -> None:
    assert renumber(written, count=3) == (shown, places)


def test_text_without_marks_holds_no_number_of_theirs() -> None:
    assert without_marks("a [1, 2] b【3†x】 ۴.") == "a b ۴."
