"""Why two facts contradict each other, in one sentence of either language."""

from collections.abc import Sequence

from codify.facts.value import FactKind, Polarity, Value

_PERSIAN = {
    FactKind.MONEY: "مبلغ",
    FactKind.DURATION: "مدت",
    FactKind.PERCENTAGE: "درصد",
    FactKind.COUNT: "تعداد",
    FactKind.SIZE: "اندازه",
    FactKind.PHONE: "شمارهٔ تماس",
    FactKind.DATE: "تاریخ",
    FactKind.TIME: "ساعت",
    FactKind.WEEKDAYS: "روزهای هفته",
    FactKind.VERSION: "نسخه",
    FactKind.LINK: "نشانی وب",
    FactKind.EMAIL: "ایمیل",
    FactKind.CODE: "کد",
    FactKind.POLARITY: "بله و نه",
}
_ENGLISH = {
    FactKind.MONEY: "amount of money",
    FactKind.DURATION: "duration",
    FactKind.PERCENTAGE: "percentage",
    FactKind.COUNT: "number",
    FactKind.SIZE: "size",
    FactKind.PHONE: "telephone number",
    FactKind.DATE: "date",
    FactKind.TIME: "time of day",
    FactKind.WEEKDAYS: "days of the week",
    FactKind.VERSION: "version",
    FactKind.LINK: "link",
    FactKind.EMAIL: "e-mail address",
    FactKind.CODE: "code",
    FactKind.POLARITY: "yes and no",
}


def reasons(
    kind: FactKind, left: str, right: str, about: Sequence[str], one: Value, two: Value
) -> tuple[str, str]:
    """The reason in Persian and in English.

    Args:
        left, right: the facts as they are written.
        about: words that both sentences have in common; may be empty.
    """
    persian_about = f"دربارهٔ «{' '.join(about)}»: " if about else ""
    english_about = f"About “{' '.join(about)}”: " if about else ""
    if kind is FactKind.POLARITY:
        yes_first = isinstance(one, Polarity) and one.is_positive
        persian = ("متن نخست می‌گوید بله و متن دوم نه", "متن نخست می‌گوید نه و متن دوم بله")[not yes_first]
        english = ("the first text says yes, the second no", "the first text says no, the second yes")[
            not yes_first
        ]
        return f"{persian_about}{persian}.", f"{english_about}{english}."
    normal = f" ({one} ≠ {two})" if (str(one), str(two)) != (left, right) else ""
    return (
        f"{persian_about}{_PERSIAN[kind]} در متن نخست «{left}» است و در متن دوم «{right}»{normal}.",
        f"{english_about}the {_ENGLISH[kind]} is “{left}” in the first text"
        f" and “{right}” in the second{normal}.",
    )
