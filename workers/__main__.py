"""`python -m workers`: the embedded worker process, started by `kb`; it ends when whoever started it does."""

import os
import signal
import sys
import threading
import time
from types import FrameType

from kb.lifeline import follow_parent
from workers.child import GRACE_SECONDS, PARENT_VARIABLE

_NICENESS = 10


def main() -> None:
    """Work until SIGTERM or the end of the parent process."""
    parent = os.environ.get(PARENT_VARIABLE)
    if parent is None:
        sys.exit("The embedded worker belongs to a running `kb`; start `kb serve` instead.")
    follow_parent(int(parent), sys.stdin.fileno(), gone=_end_at_once)

    # Whoever searches comes first: embedding would keep every core busy.
    os.nice(_NICENESS)
    from kb.logs import configure_logging
    from workers.embedded import hand_back, work
    from workers.resources import resources

    opened = resources()
    configure_logging(opened.settings.log_level, for_people=True)

    def end_soon() -> None:
        opened.stopping.set()
        # A conversion or an embedding batch may not come back in time to notice.
        time.sleep(GRACE_SECONDS / 2)
        hand_back(opened)
        _end_at_once()

    def end(_signal: int, _frame: FrameType | None) -> None:
        # In a thread: the handler may have interrupted whoever holds the event's lock.
        threading.Thread(target=end_soon, name="end", daemon=True).start()

    signal.signal(signal.SIGTERM, end)
    work(opened)
    hand_back(opened)


def _end_at_once() -> None:
    os._exit(0)


if __name__ == "__main__":
    main()
