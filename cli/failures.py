"""From an exception to one clear sentence and an exit code; what nobody can act on keeps its traceback."""

import json
from dataclasses import dataclass

from kb.errors import DataDirectoryInUse, KbError, Unavailable

#: the other exit codes: 0 all went well, 2 wrong usage (typer's own)
FAILED = 1
IN_USE = 3

#: of an answer that is none of the service's own, such as a proxy's page
_SHOWN_CHARS = 500


class PortInUse(Unavailable):
    code = "port_in_use"
    en = "Cannot listen on {host}, port {port}: {reason}. Choose another: --port or KB_PORT (0: any)."
    fa = "گوش‌دادن روی {host} درگاه {port} ممکن نیست: {reason}. با --port یا KB_PORT درگاه دیگری برگزینید."

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(what=f"port {port}", host=host, port=port, reason=reason)


class ServiceRefused(KbError):
    code = "service_refused"
    en = "The running service answered {status}: {reason}"
    fa = "سرویس در حال اجرا پاسخ {status} داد: {reason}"


class NoKnowledgeBase(KbError):
    code = "no_knowledge_base"
    en = "There is no knowledge base in {directory}. Make one with `kb init`, or say where (KB_DATA_DIR)."
    fa = "پایگاه دانشی در {directory} نیست. با `kb init` بسازید، یا جای آن را بگویید (KB_DATA_DIR)."


class RequestRefused(KbError):
    """What the service says of bad input is what the command says without it."""

    code = "request_refused"
    en = "{message}"
    fa = "{message}"


def refusal(*, status: int, body: str) -> KbError:
    """The error for an answer of the running service that is no success."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    match problem:
        case {"code": str(), "message": str(message)}:
            return RequestRefused(message=message)
        case _:
            return ServiceRefused(status=status, reason=body[:_SHOWN_CHARS])


@dataclass(frozen=True, slots=True)
class Failure:
    """What is printed, and what the shell sees."""

    sentence: str
    exit_code: int = FAILED


def explain(error: Exception) -> Failure | None:
    """The sentence for `error`, or None where it is a fault of the program."""
    if isinstance(error, DataDirectoryInUse):
        return Failure(error.message(), IN_USE)
    if isinstance(error, KbError):
        return Failure(error.message())
    return _explain_settings(error) or _explain_record(error) or _explain_service(error)


def _explain_settings(error: Exception) -> Failure | None:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError) or error.title != "Settings":
        return None
    problems = [
        # Without a place it is about several settings together, and says which itself.
        f"KB_{str(problem['loc'][0]).upper()} is {problem['input']!r}: {problem['msg']}"
        if problem["loc"]
        else problem["msg"].removeprefix("Value error, ")
        for problem in error.errors(include_url=False)
    ]
    return Failure("The settings cannot be used. " + "; ".join(problems) + ".")


def _explain_record(error: Exception) -> Failure | None:
    from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

    if isinstance(error, ArgumentError):
        return Failure(f"KB_DATABASE_URL cannot be used: {error}.")
    if not isinstance(error, DatabaseError):
        return None
    reason = " ".join(str(error.orig).split())
    match getattr(error.orig, "sqlite_errorname", None):
        case "SQLITE_NOTADB" | "SQLITE_CORRUPT":
            return Failure(f"The record cannot be read: {reason}. Restore a backup of it.")
        case "SQLITE_ERROR":
            return None  # a wrong statement: a fault of the program
    if isinstance(error, OperationalError):
        return Failure(f"The record cannot be reached: {reason}. Check KB_DATABASE_URL, or run `kb doctor`.")
    return None


def _explain_service(error: Exception) -> Failure | None:
    from httpx import TransportError

    if isinstance(error, TransportError):
        return Failure(f"The running service does not answer ({error}). `kb doctor` says more.")
    return None
