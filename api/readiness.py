"""Whether the service can do its work, and which part cannot."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from api.service import Service
from kb import migrate
from kb.errors import KbError

logger = logging.getLogger("nagofte.api")

READY = "ready"


class Readiness:
    """Checks of one running application."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._embedder = "loading"
        self._lock = threading.Lock()
        self._warming: threading.Thread | None = None

    def warm_up(self) -> None:
        """Load the embedding model beside everything else; until then searches wait for it."""
        with self._lock:
            if self._warming is None or not self._warming.is_alive():
                self._warming = threading.Thread(target=self._warm_up, name="warm-up", daemon=True)
                self._warming.start()

    def close(self) -> None:
        """Wait for the model: ending the process while it loads would abort it."""
        if self._warming is not None:
            self._warming.join()

    def _warm_up(self) -> None:
        try:
            self._service.search.embedder.warm_up()
            self._service.search.searcher.warm_up()
        except KbError as error:
            logger.exception("the embedder is not ready")
            self._embedder = error.message("en")
        except Exception as error:  # a thread nobody waits for: what is not said here is never known
            logger.exception("the embedder is not ready")
            self._embedder = f"failed ({type(error).__name__})"
        else:
            self._embedder = READY

    def parts(self) -> dict[str, str]:
        """Each part and `ready`, or why not."""
        return {
            "record": _outcome(self._check_record),
            "schema": _outcome(self._check_schema),
            "index": _outcome(self._check_index),
            "embedder": self._check_embedder(),
        }

    def _check_record(self) -> str:
        with self._service.database.reading() as session:
            session.connection().exec_driver_sql("SELECT 1")
        return READY

    def _check_schema(self) -> str:
        current, head = migrate.current(self._service.database), migrate.head()
        return READY if current == head else f"at revision {current}, this program needs {head}"

    def _check_embedder(self) -> str:
        """What is known of it; one that failed is tried again, for whoever asks next."""
        known = self._embedder
        if known != READY:
            self.warm_up()
        return known

    def _check_index(self) -> str:
        self._service.search.index.count()
        projector = self._service.search.projector
        if projector.last_error is not None:
            return f"it does not follow the record: {projector.last_error}"
        if self._service.settings.broker_url is None and not projector.is_running:
            return "nobody follows the record"
        return READY


def _outcome(check: Callable[[], str]) -> str:
    try:
        return check()
    except KbError as error:
        return error.message("en")
    except SQLAlchemyError as error:
        return f"cannot be reached ({type(error).__name__})"
