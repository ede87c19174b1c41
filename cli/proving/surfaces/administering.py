"""People, keys, the audit log, and what watches the service."""

from cli.proving.planted import Reach
from cli.proving.registry import changes, creates, lists, reads, silent

lists("GET /v1/users")
creates("POST /v1/users", json={"login": "proof", "name": "کسی", "role": "agent"})
reads("GET /v1/users/{user_id}", of="user")
changes("PATCH /v1/users/{user_id}", of="user", json={"name": "کسی"})
changes(
    "PUT /v1/users/{user_id}/password",
    of="user",
    json={"password": "x", "old_password": "y"},
    versioned=False,
)
reads("GET /v1/users/{user_id}/sessions", of="user", shows=False)
for _verb, _what in (
    ("DELETE", "/sessions"),
    ("DELETE", "/sessions/{session_id}"),
    ("POST", "/password-reset"),
    ("DELETE", "/identity"),
):
    changes(f"{_verb} /v1/users/{{user_id}}{_what}", of="user", versioned=False)
lists("GET /v1/teams")
creates("POST /v1/teams", json={"name": "گروه آزمون"})
reads("GET /v1/teams/{team_id}", of="team")
changes("PATCH /v1/teams/{team_id}", of="team", json={"name": "گروه"})
changes("DELETE /v1/teams/{team_id}", of="team")
for _verb in ("PUT", "DELETE"):
    changes(f"{_verb} /v1/teams/{{team_id}}/members/{{user_id}}", of="team", versioned=False)
lists("GET /v1/keys")
creates("POST /v1/keys", json={"name": "کلید", "scopes": ["search"], "audience_ceiling": "public"})
changes("DELETE /v1/keys/{key_id}", of="key", versioned=False)
# The log holds what verbs were told, whatever it was about: it is for administrators alone.
lists("GET /v1/audit", open_to=Reach.ADMIN)
lists("GET /v1/audit/verify", params=({},), shows=False)
lists("GET /v1/session", params=({},), shows=False)
lists("GET /health/live", params=({},), shows=False)
lists("GET /health/ready", params=({},), shows=False)
lists("GET /metrics", params=({},), shows=False)
lists("GET /docs", params=({},), headers={"Accept": "text/html"}, shows=False)
lists("GET /openapi.json", params=({},), shows=False)
silent("POST /v1/session", why="opens a session; it answers with the person's own name")
silent("POST /v1/session/password", why="takes a secret and a password, and answers with nothing")
silent("DELETE /v1/session", why="ends a session, and answers with nothing")
silent("POST /v1/index/rebuild", why="promises a job, and answers with its id")
silent("MOUNT /static", why="files of the program")
