"""`kb reindex`: a fresh index from the record, while searches go on."""

import shutil
from typing import TYPE_CHECKING

from cli.output import complain, say

if TYPE_CHECKING:
    from cli.opening import Opened
    from kb.settings import Settings


def reindex() -> None:
    """Build the index anew from the record; nothing is embedded again that the record has vectors for."""
    from cli.opening import open_record

    with open_record(exclusive=True) as opened:
        passages = _by_itself(opened) if opened.alone else _through_its_owner(opened)
    say(f"The index holds {passages} passages.")


def _by_itself(opened: "Opened") -> int:
    from cli.opening import open_index_parts
    from cli.waiting import Backlog, progress_bar

    _drop_broken(opened.settings)
    with open_index_parts(opened) as parts, progress_bar("Reindexing", 1) as move:
        return parts.projector.rebuild(
            lambda done, total: move(Backlog(1, passages_done=done, passages_total=total))
        )


def _drop_broken(settings: "Settings") -> None:
    """Delete an Edge index that cannot be opened: all that is in it comes from the record."""
    from kb.errors import IndexUnavailable
    from search.open import open_index

    if settings.index != "edge":
        return
    try:
        open_index(settings).close()
    except IndexUnavailable as error:
        complain(f"{error.message()} It is thrown away.")
        shutil.rmtree(settings.data_dir / "index")


def _through_its_owner(opened: "Opened") -> int:
    """Ask the process that owns the index, and wait for it."""
    from cli.waiting import progress_bar, wait_until_searchable
    from kb.edition import count_live
    from kb.errors import IndexUnavailable
    from kb.outbox import get_job, rebuild_index
    from kb.visibility import OPERATOR
    from kb.vocabulary import JobState

    with opened.database.transaction() as session:
        job_id = rebuild_index(session, caller=OPERATOR).id
    with progress_bar("Reindexing", 1) as move:
        wait_until_searchable(opened.database, {""}, progress=move)
    with opened.database.reading() as session:
        job = get_job(session, job_id=job_id)
        if job.state is JobState.FAILED:
            raise IndexUnavailable(reason=job.error_message or "the rebuild failed")
        return count_live(session)
