"""Logs on standard error; no query text, no personal data."""

import json
import logging
import sys
from datetime import UTC, datetime

TERMINAL_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and whatever `extra` held."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(level: str, *, for_people: bool = False) -> None:
    """Send `level` and above to standard error.

    uvicorn's own access log is silenced: it writes whole addresses, and with them what people searched for.

    Args:
        for_people: as plain lines for the terminal of a command, requests at level debug only; else as
            JSON lines.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(TERMINAL_FORMAT) if for_people else JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn.access").disabled = True
    for chatty in ("alembic", "httpx", "httpcore", "haystack", "pdfminer"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if for_people:
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        access = logging.INFO if level == "debug" else logging.WARNING
        logging.getLogger("nagofte.access").setLevel(access)
