"""Trying every address in what is served, so that broken ones reach a person's desk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from codify.hyperlinks import Target, TargetKind, Verdict, find_links, judge, target_of
from codify.link_targets import known_targets
from kb.article.model import Article
from kb.clock import utc_now
from kb.database import batches
from kb.hyperlink import (
    ServedText,
    Tried,
    forget_hyperlinks,
    keep_hyperlinks,
    served_article_ids,
    served_texts,
)
from kb.outbox import Job
from workers.fetching import Fetcher
from workers.lease import Lease
from workers.resources import Resources
from workers.run import Outcome

_AT_ONCE = 50


def check_hyperlinks(resources: Resources, _job: Job, lease: Lease) -> Outcome:
    """Try them all; what was tried is kept as the job goes on, so one that is interrupted is no loss."""
    with resources.database.reading() as session:
        ids = served_article_ids(session)
    fetcher = Fetcher(stopping=resources.stopping) if resources.settings.check_links else None
    elsewhere: dict[str, Verdict] = {}
    try:
        for number, some in enumerate(batches(ids, _AT_ONCE)):
            lease.report(number * _AT_ONCE, len(ids))
            _check_some(resources, lease, some, fetcher, elsewhere)
    finally:
        if fetcher is not None:
            fetcher.close()
    return Outcome(lambda session: forget_hyperlinks(session, except_ids=ids))


def _check_some(
    resources: Resources,
    lease: Lease,
    ids: Sequence[str],
    fetcher: Fetcher | None,
    elsewhere: dict[str, Verdict],
) -> None:
    with resources.database.reading() as session:
        judged = [
            (text.article_id, _judged(session, text, resources.settings.public_url))
            for text in served_texts(session, ids)
        ]
    tried: list[tuple[str, list[Tried]]] = []
    for article_id, links in judged:
        of_article = []
        for address, target, verdict in links:
            at: datetime | None = utc_now()
            if target.kind is TargetKind.EXTERNAL:
                if fetcher is None:
                    at = None
                else:
                    lease.check()
                    verdict = _tried_elsewhere(fetcher, target.url, elsewhere)
            of_article.append(Tried(address, verdict.is_broken, verdict.outcome, at))
        tried.append((article_id, of_article))
    with resources.database.transaction() as session:
        for article_id, of_article in tried:
            keep_hyperlinks(session, article_id=article_id, tried=of_article)


def _judged(session: Session, text: ServedText, base_url: str | None) -> list[tuple[str, Target, Verdict]]:
    """Each address once, with what can be said of it without asking others."""
    targets = {
        link.address: target_of(link.address, article_id=text.article_id, base_url=base_url)
        for link in find_links(text.text)
    }
    if not targets:
        return []
    article = session.get_one(Article, text.article_id)
    known = known_targets(session, article, list(targets.values()))
    return [(address, target, judge(target, known)) for address, target in targets.items()]


def _tried_elsewhere(fetcher: Fetcher, url: str, elsewhere: dict[str, Verdict]) -> Verdict:
    """Each address once a night; one that does not answer is given a second chance."""
    if url not in elsewhere:
        verdict = fetcher.try_address(url)
        if verdict.is_broken and verdict.outcome.startswith(("no_answer", "5")):
            verdict = fetcher.try_address(url)
        elsewhere[url] = verdict
    return elsewhere[url]
