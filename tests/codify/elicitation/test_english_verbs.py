"""Forms of English verbs."""

import pytest

from codify.elicitation.english_verbs import english_forms


@pytest.mark.parametrize(
    ("form", "base", "tags"),
    [
        ("restarted", "restart", "part past"),
        ("replacing", "replace", "ing"),
        ("swapped", "swap", "part past"),
        ("tried", "try", "part past"),
        ("tries", "try", "3rd"),
        ("opened", "open", "part past"),
        ("unplugging", "unplug", "ing"),
        ("told", "tell", "part past"),
        ("wrote", "write", "past"),
        ("set", "set", "base part past"),
        ("is", "be", "3rd"),
        ("didnt", "do", "neg past"),
        ("checks", "check", "3rd"),
    ],
)
def test_a_form_leads_to_its_base_and_tags(form: str, base: str, tags: str) -> None:
    assert english_forms()[form] == (base, tuple(tags.split()))


def test_nouns_are_no_forms() -> None:
    assert not {"customer", "modem", "something"} & set(english_forms())
