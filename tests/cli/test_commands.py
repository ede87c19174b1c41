"""Commands over the record, without a service: what they print, and how they end."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from kb.audit import AuditEntry
from kb.clock import utc_now
from kb.database import Database
from kb.settings import Settings
from kb.user import sign_in
from tests.cli.conftest import Kb


def _record(data_dir: Path) -> Database:
    return Database(Settings(data_dir=data_dir, _env_file=None).record_url)


def test_help_names_every_command(kb: Kb) -> None:
    shown = kb("--help").out
    for name in ("serve", "init", "demo", "ingest", "search", "reindex", "user", "key", "jobs", "audit"):
        assert f"  {name} " in shown
    for name in ("sources", "doctor", "relay", "version", "eval", "bench", "export", "import"):
        assert f"  {name} " in shown


def test_help_does_not_load_what_commands_need() -> None:
    heavy = "{'sqlalchemy', 'numpy', 'haystack', 'fastapi', 'celery', 'onnxruntime', 'alembic'}"
    program = f"import sys, cli.main; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_is_wrong_usage(kb: Kb) -> None:
    assert kb("nonsense").exit_code == 2


def test_init_makes_a_private_directory_and_one_administrator(kb: Kb, data_dir: Path) -> None:
    first, second = kb("init"), kb("init")
    assert "the password is shown only now: " in first.out
    assert second.out == "Ready. The record has its users already.\n"
    assert data_dir.stat().st_mode & 0o777 == 0o700
    password = first.out.strip().rpartition(" ")[2]
    database = _record(data_dir)
    with database.transaction() as session:
        assert (
            sign_in(session, login="admin", password=password, now=utc_now(), hours=1).user.login == "admin"
        )
    database.close()


def test_people_are_added_listed_renewed_and_disabled(kb: Kb) -> None:
    added = kb("user", "add", "Negar", "--name", "نگار فراهانی", "--role", "publisher", "--json").json
    assert (added["role"], len(added["password"])) == ("publisher", 19)
    assert "نگار فراهانی" in kb("user", "list").out
    assert "shown only now" in kb("user", "password", "negar").out
    assert kb("user", "disable", "negar").exit_code == 0
    (user,) = kb("user", "list", "--json").json
    assert (user["login"], user["active"]) == ("negar", False)
    assert kb("user", "disable", "negar", "--undo").out == "negar may sign in again.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("user", "add", "two words"), "login cannot be used: it cannot contain spaces."),
        (("user", "password", "nobody"), "There is no user nobody here"),
        (("user", "add", "admin"), "There is already a user named admin."),
        (("key", "revoke", "nope"), "There is no key nope here"),
        (("jobs", "show", "nope"), "There is no job nope here"),
        (("jobs", "retry", "nope"), "There is no job nope here"),
        (("sources", "show", "nope"), "There is no source nope here"),
        (("sources", "delete", "nope"), "There is no source nope here"),
        (("relay",), "KB_BROKER_URL cannot be used: it is not set"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(kb: Kb, arguments: tuple[str, ...], said: str) -> None:
    kb("init")
    ran = kb(*arguments)
    assert ran.exit_code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") == 1


def test_people_change_and_choose_their_own_password(kb: Kb) -> None:
    kb("init")
    kb("user", "add", "negar")
    changed = kb("user", "change", "Negar", "--role", "manager", "--team", "پرداخت", "--name", "نگار")
    assert changed.out == "negar: نگار, manager\n"
    assert [user["login"] for user in kb("user", "list", "نگار", "--role", "manager", "--json").json] == [
        "negar"
    ]
    assert kb("user", "list", "نگار", "--role", "agent", "--json").json == []
    assert kb("user", "sign-out", "negar").out == "Ended 0 sign-ins of negar.\n"
    assert "shown only now" in kb("user", "reset", "negar").out
    assert "no password" in kb("user", "list").out


def test_teams_are_kept(kb: Kb) -> None:
    kb("init")
    kb("user", "add", "negar")
    assert kb("team", "add", "پرداخت").exit_code == 0
    assert "already" in kb("team", "add", "پرداخت").err
    assert kb("team", "members", "پرداخت", "--add", "negar", "--add", "admin").out == "پرداخت: admin, negar\n"
    assert kb("team", "members", "پرداخت", "--remove", "admin").out == "پرداخت: negar\n"
    assert "nobody here" in kb("team", "members", "پرداخت", "--add", "nobody").err
    assert kb("team", "rename", "پرداخت", "پول").exit_code == 0
    (team,) = kb("team", "list", "--json").json
    assert (team["name"], team["members"]) == ("پول", ["negar"])
    assert kb("team", "delete", "پول").exit_code == 0
    assert kb("team", "list", "--json").json == []


@pytest.mark.parametrize("arguments", [("jobs", "retry"), ("jobs", "retry", "x", "--all"), ("user", "add")])
def test_wrong_usage_has_an_exit_code_of_its_own(kb: Kb, arguments: tuple[str, ...]) -> None:
    assert kb(*arguments).exit_code == 2


def test_keys_are_printed_once_and_revoked(kb: Kb) -> None:
    new = kb("key", "create", "portal", "--scope", "search", "--scope", "read", "--days", "30", "--json").json
    assert new["key"].startswith("nk_")
    listed = kb("key", "list")
    assert new["key"] not in listed.out
    kb("key", "revoke", new["id"])
    (key,) = kb("key", "list", "--json").json
    assert (key["scopes"], key["audience"]) == (["read", "search"], "public")
    assert key["revoked_at"] is not None
    assert key["expires_at"] is not None


def test_a_changed_audit_log_is_found_out(kb: Kb, data_dir: Path) -> None:
    kb("init")
    kb("user", "add", "negar")
    assert "chain unbroken" in kb("audit", "verify").out
    assert [entry["verb"] for entry in kb("audit", "list", "--json").json] == ["create_user", "create_user"]
    database = _record(data_dir)
    with database.transaction() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 1).values(actor="somebody else"))
    database.close()
    broken = kb("audit", "verify")
    assert broken.exit_code == 1
    assert "1" in broken.err
    assert kb("audit", "verify", "--json").json["problems"]


def test_lists_of_an_empty_record_are_empty(kb: Kb) -> None:
    kb("init")
    assert kb("sources", "list", "--json").json == []
    assert kb("jobs", "list", "--json").json["jobs"] == []
    assert "0 pending, 0 running, 0 done, 0 failed." in kb("jobs", "list").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "سلام"),
        ("reindex",),
        ("jobs", "list"),
        ("jobs", "wait"),
        ("sources", "list"),
        ("user", "list"),
        ("key", "list"),
        ("audit", "verify"),
    ],
)
def test_a_mistyped_directory_is_not_taken_for_an_empty_record(
    kb: Kb, data_dir: Path, arguments: tuple[str, ...]
) -> None:
    ran = kb(*arguments)
    assert (ran.exit_code, ran.out) == (1, "")
    assert f"There is no knowledge base in {data_dir}" in ran.err
    assert not data_dir.exists()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("KB_PORT", "abc", "KB_PORT is 'abc'"),
        ("KB_EMBEDDER", "magic", "KB_EMBEDDER is 'magic'"),
        ("KB_DATABASE_URL", "what://x", "KB_DATABASE_URL cannot be used"),
        ("KB_DATABASE_URL", "postgresql://x:y@127.0.0.1:1/x", "The record cannot be reached"),
        ("KB_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3", "The record cannot be reached"),
        ("KB_DATA_DIR", "/proc/nowhere", "KB_DATA_DIR cannot be used"),
        ("KB_DATA_DIR", "/dev/null", "KB_DATA_DIR cannot be used"),
    ],
)
def test_wrong_settings_are_named(
    kb: Kb, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    ran = kb("init")
    assert ran.exit_code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_no_record_is_said_to_be_none(kb: Kb, data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    (data_dir / "record.sqlite3").write_bytes(b"no database " * 1000)
    assert "file is not a database" in kb("jobs", "list").err


def test_a_record_of_a_newer_version_is_left_alone(kb: Kb, data_dir: Path) -> None:
    kb("init")
    with sqlite3.connect(data_dir / "record.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ran = kb("jobs", "list")
    assert ran.exit_code == 1
    assert "9999" in ran.err


def test_the_data_directory_can_be_said_on_the_command_line(kb: Kb, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert kb("--data-dir", str(elsewhere), "init").exit_code == 0
    assert (elsewhere / "record.sqlite3").exists()


def test_the_version_is_printed(kb: Kb) -> None:
    assert kb("version").out.startswith("nagofte ")


def test_tables_keep_persian_as_it_is_written(kb: Kb) -> None:
    kb("user", "add", "a", "--name", "پاسخ‌گویی به مشتری", "--team", "هماهنگی ارسال")
    assert "پاسخ‌گویی به مشتری" in kb("user", "list").out
    assert json.loads(kb("user", "list", "--json").out)[0]["teams"] == ["هماهنگی ارسال"]
