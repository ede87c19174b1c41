"""Marks such as [2] in a generated answer: which passages they mean, and which mean none."""

import re

_ONE = r"\d{1,3}"
_MORE = rf"(?:[ \t]*(?:[,،;؛–-]|و|and|تا|to)[ \t]*{_ONE})*"
_MARK = re.compile(
    rf"[ \t\u200c]*[\[【［](?:passages?|sources?|بند|منبع)?[ \t]*({_ONE}{_MORE})"
    r"[ \t]*(?:†[^\]】\n]{0,40})?[\]】］]",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_ONE})[ \t]*(?:[–-]|تا|to)[ \t]*({_ONE})", re.IGNORECASE)
_NUMBER = re.compile(_ONE)


def renumber(text: str, *, count: int) -> tuple[str, tuple[int, ...]]:
    """`text` with marks of one form, [1], numbered by first mention; those that point nowhere are dropped.

    Understands digits of any script, several numbers or a range in one mark, and full-width brackets.

    Args:
        count: of the passages that were sent, numbered from 1.
    Returns:
        The text, and for each of its numbers the place, from 0, of the passage that it means.
    """
    numbers: dict[int, int] = {}

    def replaced(mark: re.Match[str]) -> str:
        meant = [place for place in _places(mark[1]) if 0 <= place < count]
        for place in meant:
            numbers.setdefault(place, len(numbers) + 1)
        gap = " " if meant and mark.start() and mark[0][0] not in "[【［" else ""
        return gap + "".join(f"[{numbers[place]}]" for place in dict.fromkeys(meant))

    return _MARK.sub(replaced, text).strip(), tuple(numbers)


def without_marks(text: str) -> str:
    """`text` without its marks."""
    return _MARK.sub("", text)


def _places(numbers: str) -> list[int]:
    """Places from 0 of what stands between the brackets."""
    found = [int(number) for number in _NUMBER.findall(numbers)]
    for first, last in _RANGE.findall(numbers):
        found += range(int(first) + 1, int(last))
    return sorted(number - 1 for number in found)
