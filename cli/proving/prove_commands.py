"""The same proof for the command that can be told whom to search for; it opens the index by itself."""

import json

from cli.proving.askers import PARTNER, PUBLIC, Asker, Standing
from cli.proving.base import Answer
from cli.proving.oracle import may_see
from cli.proving.planted import World
from cli.proving.prove import Proof, Sight
from cli.proving.reading import text_of
from cli.proving.surfaces.searching import COMMON, hidden_together
from cli.proving.tokens import disguised, misspelt
from cli.search import search_by_itself
from kb.settings import Settings

SURFACE = "kb search"
#: opening the index takes longer than asking it
_QUESTIONS = 3


def prove_commands(settings: Settings, world: World, proof: Proof) -> None:
    """Search as `kb search --audience` does, for every audience that does not see everything.

    No service may run on the knowledge base meanwhile.
    """
    for name, audiences in (("public", PUBLIC), ("partner", PARTNER)):
        asker = Asker(f"--audience {name}", Standing.KEY, audiences, frozenset({"search"}))
        words = [token for some in hidden_together(world, asker) for token in some]
        step = max(1, len(words) // 18)
        some = words[::step]
        for text in (*COMMON[:_QUESTIONS], " ".join(map(disguised, some)), " ".join(map(misspelt, some))):
            found = search_by_itself(settings, _asked(text, name))
            answer = Answer(200, {}, json.dumps(found, ensure_ascii=False).encode())
            proof.requests += 1
            for token in world.finder.find(text_of(answer), (text, *text.split())):
                secret = world.secret_of(token)
                if not may_see(asker, secret):
                    proof.sights.append(Sight(asker.name, SURFACE, str(secret), text[:300]))
    proof.surfaces += 1
    proof.askers += 2


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
