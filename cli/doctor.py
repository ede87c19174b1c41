"""`kb doctor`: what is wrong with an installation, and what to do about it."""

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from cli.checks import Check
    from kb.database import Database
    from kb.settings import Settings

_SIGNS = {"ok": "ok", "warn": "WARN", "fail": "FAIL"}


def doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Check the installation; exit code 1 when something is broken (warnings are no failure)."""
    from cli.opening import read_settings

    checks = list(_checks(read_settings()))
    if as_json:
        print_json([dataclasses.asdict(check) for check in checks])
    else:
        print_table(
            ("", "what", "finding", "what to do"),
            [(_SIGNS[check.level], check.name, check.finding, check.advice) for check in checks],
        )
        say("All is well." if all(check.level == "ok" for check in checks) else "See what to do above.")
    if any(check.level == "fail" for check in checks):
        raise typer.Exit(1)


def _checks(settings: "Settings") -> "Iterator[Check]":
    from cli import checks
    from cli.opening import is_production
    from cli.provider_check import check_provider
    from kb.database import Database
    from kb.errors import DataDirectoryInUse
    from kb.installation import DataDirectory, running_service

    yield checks.check_machine()
    found = list(checks.check_directory(settings))
    yield from found
    yield checks.check_embedder(settings)
    if settings.reranker != "none":
        yield checks.check_reranker(settings)
    if settings.llm_url:
        yield checks.check_generation(settings)
    if settings.oidc_issuer:
        yield from check_provider(settings)
    if settings.broker_url is not None:
        yield checks.check_broker(settings)
    if any(check.level == "fail" for check in found) and not is_production(settings):
        return
    service = running_service(settings.data_dir)
    yield from checks.check_service(settings, service)
    with ExitStack() as stack:
        alone = False
        directory = DataDirectory(settings.data_dir)
        if not is_production(settings) and service is None:
            try:
                directory.lock()
            except DataDirectoryInUse:
                pass  # said by check_service
            else:
                alone = True
                stack.callback(directory.unlock)
        database = Database(settings.record_url)
        stack.callback(database.close)
        record = list(_checks_of_record(database))
        yield from record
        if record[0].level == "ok":
            yield checks.check_index(settings, database, alone=alone)


def _checks_of_record(database: "Database") -> "Iterator[Check]":
    """What `check_record` found; a record that cannot be reached at all is a finding, too."""
    from cli.checks import Check, Level, check_record
    from cli.failures import explain

    try:
        yield from check_record(database)
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        yield Check("record", Level.FAIL, failure.sentence)
