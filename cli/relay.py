"""`kb relay`: production's hand-over of jobs to the broker, and the index's one writer."""

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING

from cli.output import say

if TYPE_CHECKING:
    pass


def relay() -> None:
    """Hand jobs to the broker and keep the index server in step (production; run one or more).

    Every relay hands over jobs; one of them at a time writes the index, another takes over when it ends.
    """
    from cli.opening import keeping_index, open_record, read_settings
    from kb.errors import InvalidInput
    from kb.logs import configure_logging
    from workers.leader import lead
    from workers.relay import Relay

    settings = read_settings()
    if settings.broker_url is None:
        raise InvalidInput(
            field="KB_BROKER_URL", reason="it is not set; without a broker `kb serve` does all of this itself"
        )
    configure_logging(settings.log_level, for_people=True)
    stopping = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=stopping.set, daemon=True).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with open_record(settings) as opened:
        handing_over = threading.Thread(
            target=Relay(settings, opened.database).run, args=(stopping,), name="relay"
        )
        handing_over.start()
        say("The relay runs (Ctrl-C ends it)")
        try:
            if settings.index == "client":
                lead(opened.database, lambda: keeping_index(opened), stopping)
            stopping.wait()
        finally:
            stopping.set()
            handing_over.join()
