"""Nothing comes out of the real application where it must not, and every surface is looked at."""

from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app as kb
from cli.proving import command
from cli.proving.base import Base
from cli.proving.declared import commands_of, compare_names, routes_of
from cli.proving.planted import Reach
from cli.proving.prove import Proof, Sight, prove, routes_registered
from cli.proving.registry import SURFACES

#: the whole proof, by everybody, is `kb prove-no-leaks`
ASKERS = ("visitor", "public key that may do everything", "agent")


@pytest.mark.slow
def test_nobody_sees_what_is_not_theirs(base: Base) -> None:
    proof = prove(base, askers=ASKERS)
    assert [f"{one.who}: {one.what} on {one.surface} ({one.where})" for one in proof.sights] == []


HOW = """
Declare it in cli/proving/surfaces, in one line beside its kin: `reads`, `lists`, `changes`, `creates`,
`mentions`, `sends`, or `silent` with the reason why nothing that anybody wrote can come out of it
(cli/proving/registry.py says how)."""


def test_every_route_is_registered(base: Base) -> None:
    assert sorted(routes_of(base.app) - routes_registered()) == [], HOW
    assert sorted(routes_registered() - routes_of(base.app)) == [], "registered, and not there any more"


def test_every_command_is_registered() -> None:
    registered = SURFACES.keys() - routes_registered()
    assert sorted(commands_of(kb) - registered) == [], HOW
    assert sorted(registered - commands_of(kb)) == [], "registered, and not there any more"


def test_a_proof_names_what_is_not_registered_and_what_is_gone() -> None:
    proof = Proof()
    compare_names(proof, {"GET /new", "GET /old"}, {"GET /old", "GET /gone"})
    assert proof.unregistered == ["GET /new"]
    assert proof.stale == ["GET /gone"]
    assert not proof.holds


def test_secrets_of_every_reach_are_planted_in_every_audience(base: Base) -> None:
    planted = {(one.thing.audience, one.reach) for one in base.world.secrets}
    for audience in ("internal", "partner", "public"):
        assert {reach for place, reach in planted if place == audience} >= set(Reach) - {Reach.ADMIN}
    kinds = {thing.kind for thing in base.world.things}
    assert kinds >= {
        "article",
        "note",
        "source",
        "conversation",
        "flag",
        "finding",
        "user",
        "key",
        "template",
    }


def test_the_report_says_who_saw_what_where(capsys: pytest.CaptureFixture[str]) -> None:
    proof = Proof(
        sights=[Sight("visitor", "GET /v1/articles", "the title of an article", "GET /v1/articles")]
    )
    proof.unregistered = ["GET /v1/things/{thing_id}"]
    command.show(proof)
    printed = capsys.readouterr()
    assert "visitor" in printed.out
    assert "the title of an article" in printed.out
    assert 'reads("GET /v1/things/{thing_id}", of="thing")' in printed.err


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 1)])
def test_the_command_fails_on_any_sight(
    base: Base, monkeypatch: pytest.MonkeyPatch, holds: bool, code: int
) -> None:
    sights = [] if holds else [Sight("visitor", "GET /", "a title", "GET /")]

    def planted(**_given: Any) -> Any:
        class Given:
            def __enter__(self) -> Base:
                return base

            def __exit__(self, *_error: object) -> None:
                """The base is everybody's."""

        return Given()

    monkeypatch.setattr("cli.proving.planting.planted_base", planted)
    monkeypatch.setattr("cli.proving.prove.prove", lambda *_a, **_k: Proof(sights=list(sights)))
    monkeypatch.setattr(Base, "close", lambda _self: None)
    ended = CliRunner().invoke(kb, ["prove-no-leaks", "--quick", "--json"])
    assert ended.exit_code == code, ended.output
