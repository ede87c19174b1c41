"""What is read by its id, listed, changed and made: articles, notes, transcripts, documents, their jobs."""

from collections.abc import Iterator
from dataclasses import replace

from cli.proving.askers import Asker
from cli.proving.oracle import may_know_of
from cli.proving.planted import World
from cli.proving.registry import ABSENT, NOWHERE, Ask, changes, creates, lists, probes, reads, sends

_TEXT = {"language": "fa", "title": "راهنما", "resolution": "متنی که رازی ندارد.", "audience": "public"}
_DIFFS = ({"old": 1, "new": 2}, {"old": 2, "new": 1})

lists(
    "GET /v1/articles",
    params=({"limit": 200}, {"state": "archived", "limit": 200}, {"language": "fa", "limit": 50}),
    filters=("text", "tag"),
)
creates("POST /v1/articles", json=_TEXT)
creates("POST /v1/articles/frame", json={"query": "چرا کار نمی‌کند", "language": "fa"})
reads("GET /v1/articles/{article_id}", of="article", params=({}, {"revision": 1}, {"revision": 2}))
reads("GET /v1/articles/{article_id}/history", of="article")
reads("GET /v1/articles/{article_id}/diff", of="article", params=_DIFFS)
reads("GET /v1/articles/{article_id}/credits", of="article", shows=False)
reads("GET /v1/articles/{article_id}/checks", of="article")
reads("GET /v1/articles/{article_id}/checks/{check_id}", of="article")
changes("POST /v1/articles/{article_id}/checks", of="article")
changes("POST /v1/articles/{article_id}/revisions", of="article", json={"title": "راهنما"})
changes("PATCH /v1/articles/{article_id}", of="article", json={"tags": ["برچسب"]})
changes("POST /v1/articles/{article_id}/revisions/{number}/revert", of="article")
for _verb in ("release", "verify", "archive", "restore"):
    changes(f"POST /v1/articles/{{article_id}}/{_verb}", of="article")
changes("PATCH /v1/articles/{article_id}/schedule", of="article", json={"archive_at": "2999-01-01T00:00:00Z"})
changes("POST /v1/articles/{article_id}/merge", of="article", json={"into_id": NOWHERE})
reads("GET /v1/articles/{article_id}/translations", of="article")
reads("GET /v1/articles/{article_id}/links", of="article")
changes("POST /v1/articles/{article_id}/links", of="article", json={"case_ref": "1"}, versioned=False)
changes("DELETE /v1/articles/{article_id}/links/{link_id}", of="article", versioned=False)


@probes("GET /v1/articles/{article_id}/merge", shows=False)
def merge_preview(world: World, asker: Asker) -> Iterator[Ask]:
    """Of what is hidden, and into what is hidden."""
    name = "GET /v1/articles/{article_id}/merge"

    def asking(article_id: str, into_id: str) -> Ask:
        path = f"/v1/articles/{article_id}/merge"
        return Ask(name, "GET", path, {"into_id": into_id}, echoes=(article_id, into_id))

    common = next(thing for thing in world.of_kind("article") if thing.label == "released article (public)")
    for thing in world.of_kind("article"):
        if may_know_of(asker, thing):
            yield asking(thing.id, common.id)
        else:
            for ask, like in (
                (asking(thing.id, common.id), asking(ABSENT, common.id)),
                (asking(common.id, thing.id), asking(common.id, ABSENT)),
            ):
                yield replace(ask, like=like, compared="as_absent")


lists("GET /v1/notes", params=({"limit": 200}, {"state": "draft"}, {"state": "rejected"}, {"author": "me"}))
creates("POST /v1/notes", json={"text": "چیزی ندیدم.", "language": "fa"})
reads("GET /v1/notes/{note_id}", of="note")
changes("PATCH /v1/notes/{note_id}", of="note", json={"tags": ["برچسب"]})
changes("POST /v1/notes/{note_id}/tell", of="note")
changes("DELETE /v1/notes/{note_id}", of="note")
changes("POST /v1/notes/{note_id}/accept", of="note", versioned=False)
changes("POST /v1/notes/{note_id}/reject", of="note", versioned=False)
changes("POST /v1/notes/{note_id}/answers", of="note", json={"element": "cue", "text": "هیچ"})
changes("DELETE /v1/notes/{note_id}/answers/{number}", of="note")
changes("POST /v1/notes/{note_id}/promote", of="note", json={"audience": "internal"}, versioned=False)

lists("GET /v1/conversations")
creates(
    "POST /v1/conversations",
    json={"channel": "chat", "language": "fa", "turns": [{"speaker": "customer", "text": "سلام"}]},
)
reads("GET /v1/conversations/{conversation_id}", of="conversation")
changes("POST /v1/conversations/{conversation_id}/promote", of="conversation", json={}, versioned=False)

lists("GET /v1/sources", params=({"limit": 200}, {"status": "failed"}))
creates("POST /v1/sources", form={"audience": "public"}, files={"file": ("متن.txt", "متن بی‌راز".encode())})
reads("GET /v1/sources/{source_id}", of="source")
reads("GET /v1/sources/{source_id}/original", of="source")
changes("DELETE /v1/sources/{source_id}", of="source", versioned=False)

sends("POST /v1/articles/preview", json={"language": "fa", "resolution": "متن"})
reads("GET /v1/articles/{article_id}/related", of="article")
_FILE = {"file": ("متن.txt", "متن".encode())}
changes("POST /v1/articles/{article_id}/attachments", of="article", files=_FILE, versioned=False)
reads("GET /v1/articles/{article_id}/attachments", of="article")
reads("GET /v1/articles/{article_id}/attachments/{attachment_id}", of="article")
changes("DELETE /v1/articles/{article_id}/attachments/{attachment_id}", of="article", versioned=False)
