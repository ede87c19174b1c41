"""docker-compose.yml and what belongs to it say nothing that the program does not know."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.main import app
from kb.settings import Settings

ROOT = Path(__file__).parents[2]
OURS = ("migrate", "api", "worker", "relay")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_every_variable_is_a_setting(compose: dict[str, Any]) -> None:
    for service in OURS:
        names = {name.removeprefix("KB_").lower() for name in compose["services"][service]["environment"]}
        assert names <= set(Settings.model_fields)


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "QDRANT_API_KEY"):
        uses = re.findall(rf"\$\{{{name}([^}}]*)}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses)


def test_every_secret_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    example = (ROOT / "deploy" / "production.env.example").read_text("utf-8")
    for name in re.findall(r"\$\{(\w+):\?", text):
        assert re.search(rf"^{name}=$", example, re.MULTILINE)


def test_every_kb_command_exists(compose: dict[str, Any]) -> None:
    known = {command.name for command in app.registered_commands}
    for service in OURS:
        command = compose["services"][service].get("command", [])
        if command[:1] == ["kb"]:
            assert command[1] in known


def test_the_image_gets_every_package() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(re.findall(r"^COPY (\w+) \1$", dockerfile, re.MULTILINE))
