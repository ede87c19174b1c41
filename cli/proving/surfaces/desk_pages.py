"""The desk's pages, for people: they see every audience, and not one another's drafts."""

from cli.proving.registry import ABSENT, NOWHERE, changes, lists, reads, sends

_PAGE = {"Accept": "text/html"}
_ONE: tuple[dict[str, str], ...] = ({},)

lists("GET /desk", params=_ONE, headers=_PAGE, shows=False)
lists("GET /desk/flags", params=({}, {"show": "closed"}, {"show": "own"}, {"show": "raised"}), headers=_PAGE)
for _verb, _told in (("take", {}), ("close", {"state": "fixed"}), ("reopen", {})):
    changes(f"POST /desk/flags/{{flag_id}}/{_verb}", of="flag", form=_told, versioned=False, headers=_PAGE)
lists("GET /desk/upkeep", params=tuple({"queue": one} for one in ("unverified", "unused")), headers=_PAGE)
lists("GET /desk/upkeep/links", params=_ONE, headers=_PAGE)
changes(
    "POST /desk/upkeep/{article_id}/verify",
    of="article",
    form={"version": "999999"},
    versioned=False,
    headers=_PAGE,
)
sends("POST /desk/upkeep/reassign", form={"from_owner": f"person:{ABSENT}", "to_owner": f"person:{ABSENT}"})

lists("GET /desk/notes", params=tuple({"show": one} for one in ("mine", "told", "accepted")), headers=_PAGE)
lists("GET /desk/notes/new", params=_ONE, headers=_PAGE, shows=False)
sends("POST /desk/notes", form={"text": "چیزی ندیدم.", "then": "stay"})
sends("POST /desk/notes/restore", form={"text": "چیزی ندیدم."})
sends("POST /desk/notes/alike", form={"text": "مشکل کار نمی‌کند، خاموش و روشن کنید."})
for _page in ("", "/write", "/interview", "/promote"):
    reads(f"GET /desk/notes/{{note_id}}{_page}", of="note", headers=_PAGE)
for _verb, _form in (
    ("write", {"text": "متن", "version": "999999"}),
    ("discard", {"version": "999999"}),
    ("interview", {"element": "cue", "text": "هیچ", "version": "999999"}),
    ("tell", {"version": "999999"}),
    ("accept", {"version": "999999"}),
    ("reject", {"version": "999999"}),
    ("promote", {"title": "راهنما"}),
):
    changes(f"POST /desk/notes/{{note_id}}/{_verb}", of="note", form=_form, versioned=False, headers=_PAGE)
changes(
    "POST /desk/notes/{note_id}/answers/{number}/withdraw",
    of="note",
    form={"version": "999999"},
    versioned=False,
    headers=_PAGE,
)
reads("GET /desk/conversations/{conversation_id}/promote", of="conversation", headers=_PAGE)
changes(
    "POST /desk/conversations/{conversation_id}/promote",
    of="conversation",
    form={"title": "راهنما"},
    versioned=False,
    headers=_PAGE,
)
sends("POST /desk/frame", form={"query": "چرا کار نمی‌کند"})

lists("GET /desk/articles", params=({}, {"text": "zq"}, {"text": "ژغ"}, {"state": "archived"}), headers=_PAGE)
lists("GET /desk/articles/new", params=_ONE, headers=_PAGE, shows=False)
sends("POST /desk/articles/new", form={"title": "راهنما", "language": "fa", "audience": "internal"})
for _page in ("", "/edit", "/history", "/merge"):
    reads(
        f"GET /desk/articles/{{article_id}}{_page}",
        of="article",
        params=({}, {"standard": "true"}) if _page == "" else ({},),
        headers=_PAGE,
    )
for _verb, _form in (
    ("edit", {"title": "راهنما"}),
    ("moves/{move}", {"comment": "نه"}),
    ("check", {}),
    ("schedule", {"archive_at": "2999-01-01 10:00", "times": "archive_at"}),
    ("revert", {"number": "1"}),
    ("checklist", {"revision": "1", "said_clear": "met"}),
    ("files", {}),
    ("files/{attachment_id}/remove", {}),
    ("merge", {"into": NOWHERE}),
):
    changes(
        f"POST /desk/articles/{{article_id}}/{_verb}",
        of="article",
        form={**_form, "version": "999999"},
        versioned=False,
        headers=_PAGE,
    )
lists("GET /desk/templates", params=_ONE, headers=_PAGE)
lists("GET /desk/templates/new", params=_ONE, headers=_PAGE, shows=False)
sends("POST /desk/templates/new", form={"name": "الگوی آزمون", "resolution": "متن"})
reads("GET /desk/templates/{template_id}", of="template", headers=_PAGE)
for _verb in ("", "/delete"):
    _form = {"name": "الگو", "version": "999999"}
    changes(
        f"POST /desk/templates/{{template_id}}{_verb}",
        of="template",
        form=_form,
        versioned=False,
        headers=_PAGE,
    )
lists("GET /desk/reviews", params=_ONE, headers=_PAGE)
lists("GET /desk/findings", params=({}, {"kind": "contradiction"}), headers=_PAGE)
for _verb in ("dismiss", "reopen"):
    _form = {"comment": "هر دو درست‌اند"}
    changes(
        f"POST /desk/findings/{{finding_id}}/{_verb}",
        of="finding",
        form=_form,
        versioned=False,
        headers=_PAGE,
    )
lists("GET /desk/reminders", params=_ONE, headers=_PAGE)
changes("POST /desk/reminders/{reminder_id}/seen", of="reminder", form={}, versioned=False, headers=_PAGE)
