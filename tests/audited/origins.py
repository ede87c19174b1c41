"""Situations in which verbs about documents, findings, flags, links and jobs change something."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb import (
    conversation,
    edition,
    finding,
    flag,
    learnt_query,
    link,
    outbox,
    source,
)
from kb.clock import utc_now
from kb.errors import EmptyText
from kb.visibility import EVERYTHING, OPERATOR
from kb.vocabulary import (
    Channel,
    FindingKind,
    FlagReason,
    FlagState,
    JobName,
    OriginKind,
    Role,
    Speaker,
)
from tests.audited.situation import FA, INTERNAL, Verb, of_new
from tests.factories import make_article, make_person, make_source, publish, stage


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


ORIGINS: dict[Verb, Callable[[Session], Callable[[], Any]]] = {
    finding.dismiss_finding: deciding(finding.dismiss_finding, comment="هر دو درست است"),
    finding.reopen_finding: deciding(finding.reopen_finding),
    flag.raise_flag: of_flag(flag.raise_flag),
    flag.take_flag: of_flag(flag.take_flag),
    flag.close_flag: of_flag(flag.close_flag, state=FlagState.FIXED),
    flag.reopen_flag: of_flag(flag.reopen_flag),
    link.link_article: linking,
    link.unlink_article: unlinking,
    learnt_query.learn_query: learning(learnt_query.learn_query),
    learnt_query.unlearn_query: learning(learnt_query.unlearn_query),
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
    outbox.fail_job: failing_job,
    outbox.retry_job: retrying_job,
    outbox.rebuild_index: of_new(outbox.rebuild_index),
    outbox.claim_jobs: giving_up_job(outbox.claim_jobs),
    outbox.take_job: giving_up_job(outbox.take_job),
    outbox.hold_jobs: giving_up_job(outbox.hold_jobs),
}
