"""Reading what was found: the record says at every search who may see it, memory says what it is.

A passage never changes, so its text and its place are asked for once. Whether its edition is live, whom it is
for and what people say of it may change at any moment and is read anew each time.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from kb.edition import (
    Body,
    Confirmed,
    Content,
    LiveEdition,
    LivePassage,
    body_passages,
    edition_bodies,
    live_editions,
    passage_contents,
    placed_passages,
)
from kb.visibility import Visibility
from kb.vocabulary import PassageField
from search.group import Group

_Value = TypeVar("_Value")

#: passages of the best origin that are read for the answer
ANSWER_PASSAGES = 4
#: passages whose edition is kept (about 15 MB), editions whose body is (5 MB), passages whose text is (10 MB)
REMEMBERED_PLACES, REMEMBERED_BODIES, REMEMBERED_CONTENTS = 65_536, 16_384, 2048


class _Remembered(Generic[_Value]):
    """What never changes about things with an id: loaded once, and all forgotten beyond `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[str, _Value] = {}

    def of(
        self, ids: Collection[str], load: Callable[[list[str]], Mapping[str, _Value]]
    ) -> dict[str, _Value]:
        """Those that there are, in the order of `ids`."""
        # Another thread may put a new one in its place meanwhile.
        known = self._known
        missing = [one for one in ids if one not in known]
        if missing:
            known |= load(missing)
        found = {one: known[one] for one in ids if one in known}
        if len(known) > self._most:
            self._known = {}
        return found


class PassageMemory:
    """Passages that were read before; safe for several threads. It knows nothing of who may see them."""

    def __init__(self) -> None:
        self._places = _Remembered[tuple[str, PassageField]](REMEMBERED_PLACES)
        self._bodies = _Remembered[Body](REMEMBERED_BODIES)
        self._contents = _Remembered[Content](REMEMBERED_CONTENTS)

    def places(self, session: Session, passage_ids: Collection[str]) -> dict[str, tuple[str, PassageField]]:
        """Edition and field of the passages that the record has."""
        return self._places.of(passage_ids, lambda ids: placed_passages(session, passage_ids=ids))

    def bodies(self, session: Session, edition_ids: Collection[str]) -> dict[str, Body]:
        """The bodies of those of the editions that have one."""
        return self._bodies.of(edition_ids, lambda ids: edition_bodies(session, edition_ids=ids))

    def contents(self, session: Session, passage_ids: Collection[str]) -> dict[str, Content]:
        """The passages that the record has."""
        return self._contents.of(passage_ids, lambda ids: passage_contents(session, passage_ids=ids))

    def likely(self, session: Session, passage_ids: Iterable[str], *, limit: int) -> Iterator[Content]:
        """The first body passage of each of `limit` editions or less, from the first passages."""
        chosen: dict[str, str] = {}
        places = self.places(session, list(islice(passage_ids, 2 * limit)))
        for passage_id, (edition_id, field) in places.items():
            if field is PassageField.BODY and len(chosen) < limit:
                chosen.setdefault(edition_id, passage_id)
        yield from self.contents(session, list(chosen.values())).values()


class Reading:
    """One snapshot of the record as one caller may see it."""

    def __init__(self, session: Session, memory: PassageMemory, visibility: Visibility) -> None:
        self._session = session
        self._memory = memory
        self._visibility = visibility
        self._asked: set[str] = set()
        self._live: dict[str, LiveEdition] = {}

    def confirm(self, passage_ids: Collection[str], *, beside: Collection[str] = ()) -> dict[str, Confirmed]:
        """Those of the passages that are live and that the caller may see, by id.

        Args:
            beside: more passages; of these those count whose editions were asked about already.
        """
        places = self._memory.places(self._session, passage_ids)
        self._look_up({edition_id for edition_id, _ in places.values()})
        if beside:
            places = self._memory.places(self._session, beside) | places
        return {
            passage_id: self._live[edition_id].confirms(field)
            for passage_id, (edition_id, field) in places.items()
            if edition_id in self._live
        }

    def bodies(self) -> dict[str, Body]:
        """Of every edition that was confirmed so far."""
        return self._memory.bodies(self._session, self._live)

    def show(self, groups: Sequence[Group]) -> dict[str, list[LivePassage]]:
        """By edition: the best body passage of each origin, and several of the first origin, best first.

        An origin that was found by its title or issue lines alone shows the beginning of its body.
        """
        most = {found.edition_id: ANSWER_PASSAGES if place == 0 else 1 for place, found in enumerate(groups)}
        wanted = {found.edition_id: found.body_ids[: most[found.edition_id]] for found in groups}
        bare = [edition_id for edition_id, ids in wanted.items() if not ids]
        if bare:
            for edition_id, ids in body_passages(self._session, edition_ids=bare).items():
                wanted[edition_id] = ids[: most[edition_id]]
        ids = [passage_id for group_ids in wanted.values() for passage_id in group_ids]
        ids += [found.best.passage_id for found in groups if not wanted[found.edition_id]]
        contents = self._memory.contents(self._session, ids)
        self._look_up({content.edition_id for content in contents.values()})
        shown: dict[str, list[LivePassage]] = {}
        for passage_id in ids:
            content = contents.get(passage_id)
            live = self._live.get(content.edition_id) if content else None
            if content and live:
                shown.setdefault(live.id, []).append(live.shows(content))
        return shown

    def words_that_led(self, groups: Sequence[Group]) -> str:
        """The requester's words by which the first origin was found; empty where its own text led to it."""
        if not groups or groups[0].best.passage_id not in groups[0].line_ids:
            return ""
        found = self._memory.contents(self._session, groups[0].line_ids[:1])
        return " ".join(content.text for content in found.values() if content.edition_id in self._live)

    def _look_up(self, edition_ids: set[str]) -> None:
        unknown = edition_ids - self._asked
        if unknown:
            self._asked |= unknown
            self._live |= live_editions(self._session, edition_ids=unknown, visibility=self._visibility)
