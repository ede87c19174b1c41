"""Pages for people."""

from cli.proving.registry import mentions, reads, silent

_PAGE = {"Accept": "text/html"}

reads("GET /articles/{article_id}", of="article", headers=_PAGE)
reads("GET /sources/{source_id}", of="source", headers=_PAGE)
reads("GET /notes/{note_id}", of="note", headers=_PAGE)
reads("GET /conversations/{conversation_id}", of="conversation", headers=_PAGE)
silent("GET /sign-in", why="a form; it repeats nothing but the address it was given")
silent("POST /sign-in", why="opens a session; it repeats nothing but the login it was given")
silent("GET /sign-in/provider", why="leads to the provider, with nothing but random values")
silent("GET /sign-in/provider/back", why="opens a session; it repeats nothing that is kept")
silent("POST /sign-in/provider/connect", why="leads to the provider, with nothing but random values")
silent("POST /sign-out", why="ends a session, and leads to the first page")


def _flagged(kind: str, id: str) -> dict[str, str]:
    return {"kind": kind, "id": id, "reason": "wrong", "text": "نه"}


_FLAGGABLE = ("article", "note", "source", "conversation")
mentions("GET /flag", of=_FLAGGABLE, put=_flagged, headers=_PAGE)
mentions("GET /flagged", of=_FLAGGABLE, put=_flagged, headers=_PAGE)
mentions("POST /flag", of=_FLAGGABLE, put=_flagged, headers=_PAGE, as_form=True)
