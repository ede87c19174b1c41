"""What the application and the command line have, by the names that surfaces are registered under."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import typer
from fastapi import FastAPI
from starlette.routing import Mount, Route
from typer.core import TyperGroup

from api.routes import ROUTERS
from api.web.routers import WEB_ROUTERS
from cli.proving.prove import Proof

#: their parts are measured, not served: nobody's knowledge is in them
_MEASURING = {"eval", "bench"}


class UnknownRoutes(RuntimeError):
    """The application has routes of a kind that cannot be listed."""


def routes_of(app: FastAPI) -> set[str]:
    """`METHOD /path` of every route, `MOUNT /path` of what is mounted."""
    routers = (*ROUTERS, *WEB_ROUTERS)
    own = [route for route in app.routes if isinstance(route, Route | Mount)]
    if len(app.routes) != len(own) + len(routers):
        raise UnknownRoutes("routers are included that neither api.routes nor api.web.routers lists")
    return set(_names([*own, *(route for router in routers for route in router.routes)]))


def _names(routes: Iterable[Any]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield f"MOUNT {route.path}"
        elif isinstance(methods := getattr(route, "methods", None), set):
            yield from (f"{method} {route.path}" for method in methods - {"HEAD"})
        else:  # a socket: it has no method
            yield f"SOCKET {route.path}"


def commands_of(app: typer.Typer) -> set[str]:
    """`kb words` of every command."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return set(_commands(group, "kb"))


def _commands(group: TyperGroup, words: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if name in _MEASURING:
            continue
        if isinstance(command, TyperGroup):
            yield from _commands(command, f"{words} {name}")
        else:
            yield f"{words} {name}"


def compare_names(proof: Proof, there: Collection[str], registered: Collection[str]) -> None:
    """Say in `proof` what is not registered, and what is registered and not there."""
    proof.unregistered += sorted(set(there) - set(registered))
    proof.stale += sorted(set(registered) - set(there))
