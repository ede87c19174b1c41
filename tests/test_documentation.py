"""The README tells the truth about settings and commands."""

import re
from pathlib import Path

from kb.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_with_its_default_and_none_is_made_up() -> None:
    documented = dict(re.findall(r"^\| `KB_([A-Z0-9_]+)` \| ?`?([^`|]*)`? ?\|", README, re.MULTILINE))
    fields = {name.upper(): field for name, field in Settings.model_fields.items()}
    assert documented.keys() == fields.keys()
    for name, field in fields.items():
        default = "" if field.default is None else str(field.default)
        expected = default.lower() if isinstance(field.default, bool) else default
        assert documented[name].strip() == expected, name


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_command_of_the_tour_exists() -> None:
    from typer.main import get_command

    from cli.main import app

    group = get_command(app)
    known = set(group.list_commands(None))  # type: ignore[attr-defined, arg-type]
    named = set(re.findall(r"\bkb ([a-z]+(?:-[a-z]+)*)\b", README))
    assert named - known == set()
