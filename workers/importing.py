"""An import as it is done: planned in one snapshot, then applied in batches that commit as a whole.

A file that fails is undone alone and says why; the others of its batch are kept. Whatever was done before an
interruption is found unchanged when the same import runs again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ingest.exchange.layout import ReadFile
from ingest.exchange.package import Package
from kb.database import Database, batches
from kb.errors import KbError
from kb.exchange.apply import Import, apply_item
from kb.exchange.bring import BytesOf
from kb.exchange.image import AttachmentImage, PeopleImage
from kb.exchange.plan import Incoming, Plan, PlanItem, PlanStatus, make_plan
from kb.exchange.roster import add_people, read_roster
from kb.visibility import Caller
from kb.vocabulary import ConflictPolicy

BATCH = 50
NOBODY = PeopleImage()


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one file; `outcome`: created, changed, unchanged, skipped or failed."""

    item: PlanItem
    outcome: str
    id: str | None = None
    error: KbError | None = None


def plan_import(
    database: Database,
    *,
    caller: Caller,
    files: Iterable[ReadFile],
    stand_in: str | None = None,
    coming: PeopleImage = NOBODY,
) -> Plan:
    """Compare files with the record.

    Args:
        stand_in: the login of who owns what unknown people owned.
        coming: people and teams who will be added first.
    Raises:
        NotSignedIn, Forbidden. InvalidInput: nobody is called `stand_in`.
    """
    incoming = [Incoming(one.filename, one.image, one.error, one.left_out) for one in files]
    with database.reading() as session:
        roster = read_roster(session, stand_in=stand_in).joined_by(coming)
        return make_plan(session, caller=caller, incoming=incoming, roster=roster)


def apply_plan(
    database: Database,
    plan: Plan,
    *,
    caller: Caller,
    bytes_of: BytesOf,
    policy: ConflictPolicy,
    text_limit: int,
    stand_in: str | None = None,
    coming: PeopleImage = NOBODY,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Applied]:
    """Do what a plan says; one outcome for each of its files, in its order.

    Raises:
        NotSignedIn, Forbidden, InvalidInput: before anything is done.
    """
    if coming != NOBODY:
        with database.transaction() as session:
            add_people(session, caller=caller, coming=coming)
    with database.reading() as session:
        roster = read_roster(session, stand_in=stand_in)
    importing = Import(caller, roster, bytes_of, policy, text_limit)
    applied: list[Applied] = []
    for items in batches(plan.items, BATCH):
        applied += _apply_batch(database, items, importing)
        progress(len(applied), len(plan.items))
    return applied


def attachments_of(package: Package, *, limit_bytes: int) -> BytesOf:
    """Reads attachments from the files of an import."""

    def read(image: AttachmentImage) -> bytes:
        return package.read(image.path, limit_bytes=limit_bytes)

    return read


def _apply_batch(database: Database, items: Sequence[PlanItem], importing: Import) -> list[Applied]:
    if all(item.status is PlanStatus.UNCHANGED for item in items):
        return [Applied(item, "unchanged", item.current_id) for item in items]
    applied: list[Applied] = []
    with database.transaction() as session:
        for item in items:
            try:
                with session.begin_nested():
                    made = apply_item(session, item, importing)
            except KbError as error:
                applied.append(Applied(item, "failed", error=error))
            else:
                applied.append(Applied(item, _outcome(item, made, importing.policy), made))
    return applied


def _outcome(item: PlanItem, made: str | None, policy: ConflictPolicy) -> str:
    match item.status:
        case PlanStatus.UNCHANGED | PlanStatus.SKIPPED:
            return item.status.value
        case PlanStatus.CONFLICT if made is None:
            return "skipped"
        case PlanStatus.CONFLICT if policy is ConflictPolicy.NEW:
            return "created"
        case PlanStatus.NEW:
            return "created"
        case _:
            return "changed"
