"""The same proof for the commands that can be told for whom; they open record and index by themselves."""

import json
from collections.abc import Sequence

from cli.proving.askers import PARTNER, PUBLIC, Asker, Standing
from cli.proving.oracle import may_see
from cli.proving.planted import World
from cli.proving.prove import Proof, Sight
from cli.proving.surfaces.searching import COMMON, hidden_together
from cli.proving.tokens import disguised, misspelt
from cli.search import search_by_itself
from kb.database import Database
from kb.exchange.read import export_scope
from kb.settings import Settings
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, ExportFormat
from workers.exporting import export_articles, export_files

#: opening the index takes longer than asking it
_QUESTIONS = 3


def prove_commands(settings: Settings, world: World, proof: Proof) -> None:
    """Search and export as `--audience` does, for every audience that does not see everything.

    No service may run on the knowledge base meanwhile.
    """
    for name, audiences in (("public", PUBLIC), ("partner", PARTNER)):
        asker = Asker(f"--audience {name}", Standing.KEY, audiences, frozenset({"search"}))
        words = [token for some in hidden_together(world, asker) for token in some]
        step = max(1, len(words) // 18)
        some = words[::step]
        _inspect(world, asker, "kb export", _exported(settings, name), proof)
        for text in (*COMMON[:_QUESTIONS], " ".join(map(disguised, some)), " ".join(map(misspelt, some))):
            found = search_by_itself(settings, _asked(text, name))
            said = json.dumps(found, ensure_ascii=False)
            _inspect(world, asker, "kb search", said, proof, (text, *text.split()))
    proof.surfaces += 2
    proof.askers += 2


def _inspect(
    world: World, asker: Asker, surface: str, text: str, proof: Proof, echoes: Sequence[str] = ()
) -> None:
    proof.requests += 1
    for token in world.finder.find(text, echoes):
        secret = world.secret_of(token)
        if not may_see(asker, secret):
            proof.sights.append(Sight(asker.name, surface, str(secret), " ".join(echoes)[:300]))


def _exported(settings: Settings, audience: str) -> str:
    """Every file that `kb export --audience` writes, in every format."""
    scope = export_scope(OPERATOR, audience=Audience(audience))
    database = Database(settings.record_url)
    try:
        with database.reading() as session:
            files = list(export_files(session, scope))
            others = [form for form in ExportFormat if form is not ExportFormat.MARKDOWN]
            files += [(form.value, export_articles(session, scope, form)) for form in others]
    finally:
        database.close()
    return "\n".join(f"{name}\n{data.decode(errors='replace')}" for name, data in files)


def _asked(text: str, audience: str) -> dict[str, object]:
    return {
        "query": text,
        "limit": 50,
        "languages": [],
        "kinds": [],
        "tags": [],
        "products": [],
        "states": [],
        "audience": audience,
        "generate": False,
        "repair": True,
    }
