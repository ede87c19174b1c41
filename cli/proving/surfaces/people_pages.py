"""Pages about people: one's own account, and for administrators and managers everybody's."""

from cli.proving.registry import changes, lists, reads, sends, silent

_PAGE = {"Accept": "text/html"}
_OWN = "changes the caller's own account, and leads back to its page"

lists("GET /account", params=({},), headers=_PAGE, shows=False)
for _own in ("language", "password", "sessions/{session_id}/end", "sessions/end-others", "disconnect"):
    silent(f"POST /account/{_own}", why=_OWN)
silent("GET /new-password", why="a form; it repeats nothing but the secret it was given")
silent("POST /new-password", why="takes a secret and a password, and leads to the sign-in")

lists("GET /people", params=({}, {"q": "zq"}, {"q": "ژغ"}, {"state": "inactive"}), headers=_PAGE)
lists("GET /people/new", params=({},), headers=_PAGE, shows=False)
sends("POST /people", form={"login": "proof", "name": "کسی"})
reads("GET /people/{user_id}", of="user", headers=_PAGE)
for _verb in ("", "/active", "/hand-over", "/reset", "/sign-out", "/disconnect"):
    _form = {"name": "کسی", "version": "999999"}
    changes(f"POST /people/{{user_id}}{_verb}", of="user", form=_form, versioned=False, headers=_PAGE)

lists("GET /people/teams", params=({},), headers=_PAGE)
sends("POST /people/teams", form={"name": "گروه آزمون"})
reads("GET /people/teams/{team_id}", of="team", headers=_PAGE)
for _verb in ("", "/members", "/members/{user_id}/remove", "/delete"):
    _form = {"name": "گروه", "login": "proof", "version": "999999"}
    changes(f"POST /people/teams/{{team_id}}{_verb}", of="team", form=_form, versioned=False, headers=_PAGE)
