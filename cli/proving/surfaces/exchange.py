"""Exports and imports: of the caller's own, whose scope they have; nobody else's are there for them."""

from collections.abc import Iterator
from dataclasses import replace

from cli.proving.askers import Asker
from cli.proving.planted import World
from cli.proving.registry import ABSENT, Ask, Surface, lists, register, silent

silent("POST /v1/exports", why="promises a job; everybody who may has one made while planting")
silent("POST /v1/imports", why="promises a job; everybody who may has one planned while planting")


silent("POST /desk/exchange/exports", why="promises a job, as the API does; its page is asked below")
silent("POST /desk/exchange/imports", why="promises a job, as the API does; its page is asked below")
_PAGE = {"Accept": "text/html"}


def _transfers(name: str, kind: str, *, shows: bool = True, own: bool = True) -> None:
    """A caller's own, and other people's, which must be as absent. Ids were in the file that was sent."""
    method, path = name.split(" ", 1)

    def probe(world: World, asker: Asker) -> Iterator[Ask]:
        def asking(id: str) -> Ask:
            filled = path.replace(f"{{{kind}_id}}", id)
            if path.startswith("/desk"):
                form = {"on_conflict": "fail"} if method == "POST" else None
                return Ask(name, method, filled, form=form, headers=_PAGE, echoes=(id,))
            return Ask(name, method, filled, json={} if method == "POST" else None, echoes=(id,))

        for (asker_name, placeholder), id in world.extra.items():
            if placeholder != f"{kind}_id":
                continue
            if asker_name != asker.name:
                yield replace(asking(id), like=asking(ABSENT), compared="as_absent")
            elif own:
                yield asking(id)

    register(Surface(name, probe, shows=shows, names_ids=True))


_transfers("GET /v1/exports/{export_id}", "export", shows=False)
_transfers("GET /v1/exports/{export_id}/file", "export")
_transfers("GET /v1/imports/{import_id}", "import")
_transfers("POST /v1/imports/{import_id}/apply", "import", shows=False, own=False)
lists("GET /desk/exchange", params=({},), headers=_PAGE, shows=False)
_transfers("GET /desk/exchange/exports/{export_id}", "export", shows=False)
_transfers("GET /desk/exchange/imports/{import_id}", "import")
_transfers("POST /desk/exchange/imports/{import_id}/apply", "import", shows=False, own=False)
