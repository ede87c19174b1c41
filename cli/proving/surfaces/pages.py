"""Pages for people."""

from cli.proving.registry import lists, reads, silent

_PAGE = {"Accept": "text/html"}

reads("GET /articles/{article_id}", of="article", headers=_PAGE)
reads("GET /sources/{source_id}", of="source", headers=_PAGE)
reads("GET /notes/{note_id}", of="note", headers=_PAGE)
reads("GET /conversations/{conversation_id}", of="conversation", headers=_PAGE)
lists("GET /desk", params=({},), headers=_PAGE, shows=False)
silent("GET /sign-in", why="a form; it repeats nothing but the address it was given")
silent("POST /sign-in", why="opens a session; it repeats nothing but the login it was given")
silent("POST /sign-out", why="ends a session, and leads to the first page")
