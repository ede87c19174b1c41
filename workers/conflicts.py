"""Comparing everything that is served, so that near-duplicates and contradictions reach a person's desk."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from codify.candidates import signature
from codify.sweep import Served, sweep
from kb.clock import utc_now
from kb.edition import edition_passages, vectors_of
from kb.finding import keep_findings
from kb.outbox import Job
from kb.passage import Edition
from kb.vocabulary import EditionState, OriginKind, PassageField
from search.terms import unpack_counts
from workers.lease import Lease
from workers.resources import Resources
from workers.run import Outcome

#: what codified and told knowledge is compared in; transcripts contradict one another all day
COMPARED = (OriginKind.ARTICLE, OriginKind.NOTE, OriginKind.SOURCE)


def find_conflicts(resources: Resources, _job: Job, lease: Lease) -> Outcome:
    """Find them anew; what a person said about those found before stays."""
    with resources.database.reading() as session:
        served = _served(session, resources.counter.version)
    found = sweep(served, analyzer=resources.counter.analyzer, progress=lease.report)

    def store(session: Session) -> None:
        keep_findings(session, found=found, now=utc_now())

    return Outcome(store)


def _served(session: Session, counter_version: str) -> list[Served]:
    live = select(Edition).where(Edition.state == EditionState.LIVE, Edition.origin_kind.in_(COMPARED))
    served = []
    for edition in session.scalars(live.order_by(Edition.id)).all():
        passages = edition_passages(session, edition_id=edition.id)
        bodies = [one for one in passages if one.field is PassageField.BODY]
        packed = vectors_of(session, model_id=counter_version, hashes={one.text_hash for one in bodies})
        bodies = [one for one in bodies if one.text_hash in packed]
        issue = [one.text for one in passages if one.field is PassageField.ISSUE]
        served.append(
            Served(
                origin=(edition.origin_kind, edition.origin_id),
                language=edition.language,
                title=edition.title,
                text="\n".join([*issue, "".join(one.text for one in bodies)]),
                passages=tuple(one.text for one in bodies),
                signatures=tuple(signature(unpack_counts(packed[one.text_hash])) for one in bodies),
            )
        )
        session.expire_all()
    return served
