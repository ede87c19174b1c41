"""Waiting for the check of a working revision: a worker proposes passages, this process replays over them."""

import time
from datetime import timedelta

from api.service import Service
from kb.article import Article
from kb.article.release_check import ReleaseCheck, get_check, newest_check, request_check
from kb.clock import utc_now
from kb.errors import CheckPending, Unavailable
from kb.visibility import Caller
from kb.vocabulary import CheckState
from search.replay import replay_waiting

#: what was checked so lately is not checked again
FRESH = timedelta(minutes=10)
_POLL_SECONDS = 0.05


def ensure_checked(
    service: Service, *, caller: Caller, article_id: str, expected_version: int | None
) -> None:
    """Return when the working revision has been checked; at once where releases are not checked.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing, ImpossibleMove, NothingToRelease.
        CheckPending: it takes longer than the settings allow.
        Unavailable: the check failed.
    """
    seconds = service.settings.release_check_seconds
    if not seconds:
        return
    with service.database.transaction() as session:
        article = session.get(Article, article_id)
        revision_id = article.working_revision_id if article is not None else None
        known = newest_check(session, revision_id=revision_id) if revision_id else None
        if known is None or not _is_fresh(known):
            known = request_check(
                session, caller=caller, article_id=article_id, expected_version=expected_version
            )
        check_id = known.id
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        check = look_at(service, article_id=article_id, check_id=check_id)
        if check.state is CheckState.DONE:
            return
        if check.state is CheckState.FAILED:
            raise Unavailable(what="check", reason=str(check.error_code))
        time.sleep(_POLL_SECONDS)
    raise CheckPending(id=article_id)


def look_at(service: Service, *, article_id: str, check_id: str) -> ReleaseCheck:
    """A check as it stands, after its replay where that could be done by now.

    Raises:
        NotFound: there is none of this article.
        IndexUnavailable, EmbeddingUnavailable.
    """
    with service.database.reading() as session:
        check = get_check(session, article_id=article_id, check_id=check_id)
    if check.state is CheckState.WAITING and replay_waiting(
        service.database, service.search, article_id=article_id
    ):
        with service.database.reading() as session:
            check = get_check(session, article_id=article_id, check_id=check_id)
    return check


def _is_fresh(check: ReleaseCheck) -> bool:
    if check.state is CheckState.WAITING or check.finished_at is None:
        return False
    return check.state is CheckState.DONE and utc_now() - check.finished_at < FRESH
