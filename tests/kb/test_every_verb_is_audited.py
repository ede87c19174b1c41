"""Whatever changes the record says so in the audit log; a new verb that does not fails here."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import kb
from kb import (
    api_key,
    article,
    conversation,
    edition,
    finding,
    flag,
    learnt_query,
    link,
    note,
    outbox,
    source,
    team,
    user,
)
from kb.article import checklist, release_check, template, upkeep
from kb.audit import AuditEntry, verify_audit
from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmptyText
from kb.exchange import bring, templates, transfer
from kb.exchange.image import ArticleImage, NoteImage, RevisionImage, TemplateImage
from kb.exchange.roster import Roster
from kb.visibility import EVERYTHING, OPERATOR
from kb.vocabulary import (
    Audience,
    Channel,
    ContentItem,
    Element,
    FindingKind,
    FlagReason,
    FlagState,
    JobName,
    Language,
    OriginKind,
    Role,
    Scope,
    Speaker,
    TransferState,
)
from tests.factories import make_article, make_note, make_person, make_source, publish, stage

Verb = Callable[..., Any]
INTERNAL, FA = Audience.INTERNAL, Language.PERSIAN
PASSWORD = "یک گذرواژهٔ بلند"
IDENTITY = user.Identity(
    issuer="https://idp.example", subject="2", login="new", name="نو", email="", language=FA
)


def of_article(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = make_article(session, released=verb is not article.release_article)
        if verb is article.restore_article:
            article.archive_article(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        return lambda: verb(session, caller=OPERATOR, article_id=made.id, expected_version=None, **given)

    return prepare


def reviewing(verb: Verb, *, requested: bool = True, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    """On an article with a working revision, under review unless the verb asks for one."""

    def prepare(session: Session) -> Callable[[], Any]:
        made = make_article(session)
        if requested and verb is not article.request_review:
            article.request_review(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        return lambda: verb(session, caller=OPERATOR, article_id=made.id, expected_version=None, **given)

    return prepare


def merging(session: Session) -> Callable[[], Any]:
    gone, into = make_article(session, title="یکی"), make_article(session, title="دیگری")
    given: dict[str, Any] = {"article_id": gone.id, "expected_version": None, "into_id": into.id}
    return lambda: article.merge_article(session, caller=OPERATOR, **given)


def reverting(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    same: dict[str, Any] = {"caller": OPERATOR, "article_id": made.id, "expected_version": None}
    article.revise_article(session, title="نو", **same)
    return lambda: article.revert_article(session, number=1, **same)


def detaching(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    same: dict[str, Any] = {"caller": OPERATOR, "article_id": made.id}
    attached = article.attach_file(session, filename="a.txt", data=b"a", **same)
    return lambda: article.detach_file(session, attachment_id=attached.id, **same)


def attaching(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    given: dict[str, Any] = {"article_id": made.id, "filename": "a.txt", "data": b"a"}
    return lambda: article.attach_file(session, caller=OPERATOR, **given)


def of_template(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = template.create_template(session, caller=OPERATOR, name="الگو", language=FA)
        return lambda: verb(session, caller=OPERATOR, template_id=made.id, expected_version=None, **given)

    return prepare


def moving_when_due(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    at = utc_now() + timedelta(days=1)
    given: dict[str, Any] = {"article_id": made.id, "expected_version": None}
    article.schedule_article(session, caller=OPERATOR, release_at=at, **given)
    return lambda: article.move_when_due(session, article_id=made.id, now=at)


def of_new(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    return lambda session: lambda: verb(session, caller=OPERATOR, **given)


def of_note(verb: Verb) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = make_note(session)
        return lambda: verb(session, caller=OPERATOR, note_id=made.id)

    return prepare


def promoting(session: Session) -> Callable[[], Any]:
    told, written = make_note(session), make_article(session)
    return lambda: note.promote_note(session, caller=OPERATOR, note_id=told.id, article_id=written.id)


def of_draft(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        author = make_person(session)
        made = note.capture_note(session, caller=author, text="متن", language=FA, draft=True)
        same: dict[str, Any] = {"caller": author, "note_id": made.id}
        if verb is note.withdraw_answer:
            probe: dict[str, Any] = {"element": Element.CUE, "probe": "از کجا؟", "text": None}
            note.answer_probe(session, expected_version=1, **same, **probe)
        return lambda: verb(session, expected_version=made.version, **same, **given)

    return prepare


def of_user(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        person = make_person(session)
        return lambda: verb(session, caller=OPERATOR, user_id=person.id, **given)

    return prepare


def of_team(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = team.create_team(session, caller=OPERATOR, name="پیک")
        return lambda: verb(session, caller=OPERATOR, team_id=made.id, **given)

    return prepare


def in_team(verb: Verb) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made, person = team.create_team(session, caller=OPERATOR, name="پیک"), make_person(session)
        if verb is team.remove_from_team:
            team.add_to_team(session, caller=OPERATOR, team_id=made.id, user_id=person.id)
        return lambda: verb(session, caller=OPERATOR, team_id=made.id, user_id=person.id)

    return prepare


def signed_in(session: Session) -> tuple[user.User, user.SignIn]:
    person = make_person(session)
    user.set_password(session, caller=OPERATOR, user_id=person.id, password=PASSWORD)
    who = session.get_one(user.User, person.id)
    return who, user.open_session(session, user=who, now=utc_now(), hours=1)


def opening_a_session(session: Session) -> Callable[[], Any]:
    who, _ = signed_in(session)
    return lambda: user.open_session(session, user=who, now=utc_now(), hours=1)


def signing_in(session: Session) -> Callable[[], Any]:
    who, _ = signed_in(session)
    return lambda: user.sign_in(session, login=who.login, password=PASSWORD, now=utc_now(), hours=1)


def signing_out(session: Session) -> Callable[[], Any]:
    _, sign_in = signed_in(session)
    return lambda: user.sign_out(session, token=sign_in.token)


def with_password(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    """On one's own sign-ins, or one's own connection to the identity provider."""

    def prepare(session: Session) -> Callable[[], Any]:
        who, _ = signed_in(session)
        who.oidc_subject = None if verb is user.connect_identity else "https://idp.example 1"
        caller = user.caller_of_user(session, who)
        if verb is user.connect_identity:
            return lambda: verb(session, caller=caller, identity=IDENTITY)
        if verb is user.end_session:
            given["session_id"] = user.list_sessions(session, caller=caller, user_id=who.id, now=utc_now())[
                0
            ].id
        return lambda: verb(session, caller=caller, user_id=who.id, **given)

    return prepare


def admitting(session: Session) -> Callable[[], Any]:
    rules = user.Admission(create=Role.AGENT)
    return lambda: user.admit_identity(session, identity=IDENTITY, rules=rules)


def choosing_language(session: Session) -> Callable[[], Any]:
    person = make_person(session)
    return lambda: user.choose_language(session, caller=person, language=Language.ENGLISH)


def choosing_password(session: Session) -> Callable[[], Any]:
    who, _ = signed_in(session)
    reset = user.reset_password(session, caller=OPERATOR, user_id=who.id, now=utc_now())
    given = {"login": who.login, "secret": reset.secret, "password": PASSWORD, "now": utc_now()}
    return lambda: user.choose_password(session, **given)


def revoking(session: Session) -> Callable[[], Any]:
    given = {"name": "x", "scopes": [Scope.READ], "audience_ceiling": INTERNAL}
    new = api_key.create_key(session, caller=OPERATOR, **given)
    return lambda: api_key.revoke_key(session, caller=OPERATOR, key_id=new.key.id)


def deleting(session: Session) -> Callable[[], Any]:
    made = make_source(session)
    return lambda: source.delete_source(session, caller=OPERATOR, source_id=made.id)


def failing_source(session: Session) -> Callable[[], Any]:
    made = make_source(session)
    error = EmptyText(field="file")
    return lambda: source.mark_source_failed(session, source_id=made.id, sha256=made.sha256, error=error)


def giving_up_source(session: Session) -> Callable[[], Any]:
    made = make_source(session)
    error = EmptyText(field="file")
    return lambda: source.mark_source_given_up(session, source_id=made.id, error=error)


def publishing(session: Session) -> Callable[[], Any]:
    staged = stage(session, OriginKind.SOURCE, make_source(session).id)
    return lambda: edition.publish_edition(session, edition_id=staged.id)


def leased_job(session: Session) -> outbox.Job:
    job = outbox.enqueue(session, name=JobName.REINDEX, subject_id="")
    outbox.claim_jobs(session, worker="w", limit=1, lease_seconds=60, only={JobName.REINDEX})
    return job


def failing_job(session: Session) -> Callable[[], Any]:
    job = leased_job(session)
    return lambda: outbox.fail_job(session, job_id=job.id, worker="w", error=EmptyText(field="x"))


def retrying_job(session: Session) -> Callable[[], Any]:
    job = leased_job(session)
    outbox.fail_job(session, job_id=job.id, worker="w", error=EmptyText(field="x"))
    return lambda: outbox.retry_job(session, caller=OPERATOR, job_id=job.id)


def giving_up_job(take: Verb) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        job = leased_job(session)
        given: dict[str, Any] = {"now": utc_now() + timedelta(hours=1), "attempt_limit": 1}
        if take is outbox.hold_jobs:
            return lambda: take(session, holder="r", limit=1, hold_seconds=60, **given)
        if take is outbox.take_job:
            return lambda: take(session, job_id=job.id, worker="v", lease_seconds=60, **given)
        return lambda: take(session, worker="v", limit=1, lease_seconds=60, **given)

    return prepare


def deciding(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        ids = [make_article(session, released=True).id for _ in range(2)]
        for article_id in ids:
            publish(session, OriginKind.ARTICLE, article_id)
        left, right = ((OriginKind.ARTICLE, article_id) for article_id in ids)
        draft = finding.FindingDraft(FindingKind.DUPLICATE, left, right, 1.0, {})
        finding.keep_findings(session, found=[draft], now=utc_now())
        sight: dict[str, Any] = {"caller": OPERATOR, "caller_visibility": EVERYTHING}
        (found,) = finding.list_findings(session, **sight).items
        if verb is finding.reopen_finding:
            finding.dismiss_finding(session, finding_id=found.id, comment="x", **sight)
        return lambda: verb(session, finding_id=found.id, **sight, **given)

    return prepare


def of_flag(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        person = make_person(session, role=Role.CONTRIBUTOR)
        sight: dict[str, Any] = {"caller": person, "caller_visibility": EVERYTHING}
        about: dict[str, Any] = {
            "origin_kind": OriginKind.ARTICLE,
            "origin_id": make_article(session, released=True).id,
            "reason": FlagReason.WRONG,
        }
        if verb is flag.raise_flag:
            return lambda: verb(session, **sight, **about)
        raised = flag.raise_flag(session, **sight, **about)
        if verb is flag.reopen_flag:
            flag.close_flag(session, flag_id=raised.id, state=FlagState.FIXED, **sight)
        return lambda: verb(session, flag_id=raised.id, **sight, **given)

    return prepare


def unlinking(session: Session) -> Callable[[], Any]:
    made = make_article(session, released=True)
    said = link.link_article(session, caller=OPERATOR, article_id=made.id)
    return lambda: link.unlink_article(session, caller=OPERATOR, article_id=made.id, link_id=said.id)


def linking(session: Session) -> Callable[[], Any]:
    made = make_article(session, released=True)
    return lambda: link.link_article(session, caller=OPERATOR, article_id=made.id, case_ref="۱۲")


def reassigning(session: Session) -> Callable[[], Any]:
    leaving, staying = make_person(session), make_person(session)
    make_article(session, owner_id=leaving.id)
    owners: dict[str, Any] = {"from_owner_id": leaving.id, "to_owner_id": staying.id}
    return lambda: upkeep.reassign_articles(session, caller=OPERATOR, **owners)


def ticking(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    about: dict[str, Any] = {"article_id": made.id, "revision_number": 1, "item": ContentItem.CLEAR}
    return lambda: checklist.tick_item(session, caller=OPERATOR, is_met=True, **about)


def learning(verb: Verb) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        given: dict[str, Any] = {
            "caller": make_person(session),
            "origin_kind": OriginKind.ARTICLE,
            "origin_id": make_article(session, released=True).id,
            "folded": "پول من کی",
        }
        if verb is learnt_query.learn_query:
            return lambda: verb(session, text="پولِ من کی؟", **given)
        learnt_query.learn_query(session, text="پولِ من کی؟", **given)
        return lambda: verb(session, **given)

    return prepare


def applying(session: Session) -> Callable[[], Any]:
    given: dict[str, Any] = {"kept": timedelta(hours=1), "filename": "a.csv", "data": b"1"}
    made = transfer.request_import(session, caller=OPERATOR, **given)
    planned = TransferState.PLANNED
    transfer.finish_transfer(session, transfer_id=made.id, state=planned, report={"counts": {}})
    return lambda: transfer.request_applying(session, caller=OPERATOR, transfer_id=made.id)


def importing(verb: Verb, image: Any) -> Callable[[Session], Callable[[], Any]]:
    given: dict[str, Any] = {"caller": OPERATOR, "image": image, "roster": Roster()}
    if verb is bring.import_article:
        given["bytes_of"] = lambda _attachment: b""
    return lambda session: lambda: verb(session, **given)


#: each verb with a situation in which it changes something
AUDITED: dict[Verb, Callable[[Session], Callable[[], Any]]] = {
    article.create_article: of_new(
        article.create_article, language=FA, title="عنوان", resolution="متن", audience=INTERNAL
    ),
    article.revise_article: of_article(article.revise_article, title="نو"),
    article.revert_article: reverting,
    article.change_article: of_article(article.change_article, tags=["نو"]),
    article.release_article: of_article(article.release_article),
    article.verify_article: of_article(article.verify_article),
    article.archive_article: of_article(article.archive_article),
    article.restore_article: of_article(article.restore_article),
    article.request_review: reviewing(article.request_review),
    article.approve_review: reviewing(article.approve_review),
    article.withdraw_review: reviewing(article.withdraw_review),
    article.request_changes: reviewing(article.request_changes, comment="کوتاه‌تر"),
    article.schedule_article: reviewing(
        article.schedule_article, release_at=utc_now() + timedelta(days=1), requested=False
    ),
    article.merge_article: merging,
    article.attach_file: attaching,
    article.detach_file: detaching,
    template.create_template: of_new(template.create_template, name="الگو", language=FA),
    template.change_template: of_template(template.change_template, title="نو"),
    template.delete_template: of_template(template.delete_template),
    release_check.request_check: reviewing(release_check.request_check, requested=False),
    article.move_when_due: moving_when_due,
    finding.dismiss_finding: deciding(finding.dismiss_finding, comment="هر دو درست است"),
    finding.reopen_finding: deciding(finding.reopen_finding),
    flag.raise_flag: of_flag(flag.raise_flag),
    flag.take_flag: of_flag(flag.take_flag),
    flag.close_flag: of_flag(flag.close_flag, state=FlagState.FIXED),
    flag.reopen_flag: of_flag(flag.reopen_flag),
    link.link_article: linking,
    link.unlink_article: unlinking,
    upkeep.reassign_articles: reassigning,
    checklist.tick_item: ticking,
    learnt_query.learn_query: learning(learnt_query.learn_query),
    learnt_query.unlearn_query: learning(learnt_query.unlearn_query),
    note.capture_note: of_new(note.capture_note, text="متن", language=FA),
    note.edit_note: of_draft(note.edit_note, text="نو"),
    note.tell_note: of_draft(note.tell_note),
    note.discard_note: of_draft(note.discard_note),
    note.answer_probe: of_draft(note.answer_probe, element=Element.CUE, probe="از کجا؟", text="از صدا"),
    note.withdraw_answer: of_draft(note.withdraw_answer, number=1),
    note.promote_note: promoting,
    note.accept_note: of_note(note.accept_note),
    note.reject_note: of_note(note.reject_note),
    conversation.import_conversation: of_new(
        conversation.import_conversation,
        external_id="c",
        channel=Channel.CALL,
        language=FA,
        audience=INTERNAL,
        turns=[conversation.TurnDraft(Speaker.CUSTOMER, "سلام")],
    ),
    source.store_source: of_new(source.store_source, locator="l", filename="f", data=b"1", audience=INTERNAL),
    source.delete_source: deleting,
    source.mark_source_failed: failing_source,
    source.mark_source_given_up: giving_up_source,
    edition.publish_edition: publishing,
    bring.import_article: importing(
        bring.import_article, ArticleImage(RevisionImage("عنوان", resolution="متن"))
    ),
    bring.import_note: importing(bring.import_note, NoteImage("متن")),
    transfer.request_export: of_new(transfer.request_export, kept=timedelta(hours=1)),
    transfer.request_import: of_new(
        transfer.request_import, kept=timedelta(hours=1), filename="a.csv", data=b"1"
    ),
    transfer.request_applying: applying,
    templates.import_template: of_new(templates.import_template, image=TemplateImage("نو")),
    user.create_user: of_new(user.create_user, login="new", name="n", role=Role.AGENT),
    user.change_user: of_user(user.change_user, name="نو", teams=[]),
    user.set_password: of_user(user.set_password, password=PASSWORD),
    user.open_session: opening_a_session,
    user.sign_in: signing_in,
    user.sign_out: signing_out,
    user.end_session: with_password(user.end_session),
    user.end_sessions: with_password(user.end_sessions),
    user.reset_password: of_user(user.reset_password, now=utc_now()),
    user.choose_language: choosing_language,
    user.choose_password: choosing_password,
    user.admit_identity: admitting,
    user.connect_identity: with_password(user.connect_identity),
    user.disconnect_identity: with_password(user.disconnect_identity),
    api_key.create_key: of_new(api_key.create_key, name="k", scopes=[Scope.READ], audience_ceiling=INTERNAL),
    api_key.revoke_key: revoking,
    team.create_team: of_new(team.create_team, name="فروش"),
    team.rename_team: of_team(team.rename_team, name="پشتیبانی"),
    team.delete_team: of_team(team.delete_team),
    team.add_to_team: in_team(team.add_to_team),
    team.remove_from_team: in_team(team.remove_from_team),
    outbox.fail_job: failing_job,
    outbox.retry_job: retrying_job,
    outbox.rebuild_index: of_new(outbox.rebuild_index),
    outbox.claim_jobs: giving_up_job(outbox.claim_jobs),
    outbox.take_job: giving_up_job(outbox.take_job),
    outbox.hold_jobs: giving_up_job(outbox.hold_jobs),
}

#: what changes rows without a row in the log, and why that is right
MACHINERY = {
    "enqueue": "the verb that promises the work is audited",
    "make_wait": "part of failing, retrying and releasing",
    "finish_job": "its effect is audited where it shows: publish_edition",
    "release_leases": "leases are not knowledge",
    "renew_lease": "leases are not knowledge",
    "report_progress": "progress is not knowledge",
    "keep_findings": "what was found is nobody's deciding; dismissing it is",
    "finish_check": "what it found is audited where it counts: release_article",
    "fail_check": "a check that failed changes nothing",
    "settle_check": "part of release_article",
    "propose_edition": "nobody sees it; it only serves a check",
    "drop_proposed": "nobody saw it",
    "stage_edition": "nobody sees it before publish_edition",
    "retire_editions": "part of archiving, rejecting and deleting",
    "retire_staged": "part of store_source",
    "keep_in_step": "part of change_article and store_source",
    "keep_editions_in_step": "part of the article verbs",
    "forget_queries": "part of delete_source",
    "move_queries": "part of merge_article",
    "follow_revision": "part of revise_article",
    "close_review": "part of releasing, archiving and merging",
    "withdraw": "part of archiving and merging",
    "add_vectors": "part of stage_edition",
    "drop_edition": "nobody saw it any more",
    "prune_vectors": "nothing has these texts any more",
    "mark_source_staged": "nobody sees it before publish_edition",
    "mark_source_indexed": "what is live was published before, audited",
    "mark_source_published": "part of publish_edition",
    "mark_source_received": "part of retry_job",
    "touch": "part of the article verbs",
    "note_key_use": "too often, and it changes nothing that anybody relies on",
    "keep_reminders": "a reminder tells its reader what is known already",
    "see_reminder": "a reminder tells its reader what is known already",
    "mark_mailed": "a reminder tells its reader what is known already",
    "keep_hyperlinks": "what came of trying addresses is nobody's deciding",
    "forget_hyperlinks": "what came of trying addresses is nobody's deciding",
    "purge": "what has expired was of no use any more",
    "place_in_teams": "part of create_user and change_user",
    "keep_in_teams": "part of admit_identity",
    "end_sessions_of": "part of the user verbs",
    "begin_attempt": "nobody is known yet; open_session and connect_identity are audited",
    "take_attempt": "as begin_attempt",
    "remember": "the verb whose answer is remembered is audited",
    "add_people": "create_user and create_team are audited",
    "finish_transfer": "what was imported is audited; asking for an export is",
    "fail_transfer": "nothing came of it",
    "apply_item": "through the verbs of what it imports",
    "alter_note": "through the verbs of notes",
    "insert_new": "a tool of the verbs",
    "record_audit": "is the log",
    "record": "writes the log",
}

_WRITING = {"add", "add_all", "insert", "update", "delete", "flush", "merge", "insert_new"}


def session_functions() -> dict[str, Verb]:
    """Every public function of `kb` whose first parameter is a session, by name."""
    found: dict[str, Verb] = {}
    for module_info in pkgutil.walk_packages(kb.__path__, "kb."):
        if module_info.name.startswith(("kb.migrations", "kb.demo")):
            continue
        module = importlib.import_module(module_info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters.values())
            if (
                function.__module__ == module.__name__
                and not name.startswith("_")
                and parameters
                and parameters[0].annotation is Session
            ):
                found[name] = function
    return found


def writes(function: Verb) -> bool:
    """Whether the function's own text calls the session, SQL or another verb so as to change rows."""
    called = set()
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                called.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="session"), attr=name)):
                called.add(name)
    return bool(called & (_WRITING | set(MACHINERY) | names_of_audited()))


def names_of_audited() -> set[str]:
    return {verb.__name__ for verb in AUDITED}


def test_every_function_that_writes_is_either_audited_or_excused() -> None:
    writing = {name for name, function in session_functions().items() if writes(function)}
    assert writing - names_of_audited() - set(MACHINERY) == set()


def test_nothing_is_excused_that_does_not_exist() -> None:
    assert (set(MACHINERY) | names_of_audited()) - set(session_functions()) == set()
    assert set(MACHINERY) & names_of_audited() == set()


@pytest.mark.parametrize("verb", AUDITED, ids=lambda verb: verb.__name__)
def test_it_writes_its_row_in_the_same_transaction(database: Database, verb: Verb) -> None:
    with database.transaction() as session:
        act = AUDITED[verb](session)
        verify_audit(session)  # writes what preparing did, so that only the verb's own rows follow
        before = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
        act()
    with database.reading() as session:
        report = verify_audit(session)
        rows = session.scalars(select(AuditEntry).where(AuditEntry.number > before)).all()
    assert report.problems == ()
    assert len(rows) == 1
    assert rows[0].object_id
    assert rows[0].actor in {"operator", "worker"} or rows[0].actor.startswith("person:")


@pytest.mark.parametrize("verb", AUDITED, ids=lambda verb: verb.__name__)
def test_what_is_undone_leaves_no_row(database: Database, verb: Verb) -> None:
    with database.transaction() as session:
        act = AUDITED[verb](session)
        before = verify_audit(session).count
        savepoint = session.begin_nested()
        act()
        savepoint.rollback()
        assert verify_audit(session).count == before
    with database.reading() as session:
        report = verify_audit(session)
    assert (report.count, report.problems) == (before, ())
