"""What ends a job besides the errors of the record, conversion and search."""

from kb.errors import KbError


class InternalError(KbError):
    """A fault of the program; the worker's log has the traceback."""

    code = "internal_error"
    en = "The job hit a fault of the program ({error}). The worker's log has the details."
    fa = "این کار به خطایی در خود برنامه خورد ({error}). جزئیات در گزارش کارگر است."


class Interrupted(Exception):
    """The job must not go on here: its lease is lost, or the process is to end. No failure."""
