"""Errors in the words of the desk: who works here knows no names of fields, states or moves."""

from api.web.texts import TEXTS, translate
from kb.article.refusals import SchedulerLacksRight
from kb.errors import (
    AlreadyExists,
    CheckPending,
    CyclicMerge,
    Forbidden,
    ImpossibleMove,
    IncompleteArticle,
    InvalidInput,
    KbError,
    MessageLanguage,
    NotFound,
    NothingToRelease,
    OwnReview,
    ReleaseBreaks,
    StaleEdit,
)

_SENTENCES: dict[type[KbError], str] = {
    OwnReview: "problem_own_review",
    NotFound: "problem_gone",
    StaleEdit: "problem_stale",
    NothingToRelease: "problem_nothing_to_release",
    IncompleteArticle: "problem_incomplete",
    CyclicMerge: "problem_cyclic",
    CheckPending: "problem_pending",
}


def problem_words(error: KbError, language: MessageLanguage) -> str:
    """One sentence for a person, about what went wrong and what to do."""
    if type(error) in _SENTENCES:
        return translate(_SENTENCES[type(error)], language)
    match error:
        case ImpossibleMove():
            named = {name: _named(error.data[name], language) for name in ("what", "state")}
            return translate("problem_move", language, **named)
        case ReleaseBreaks():
            return translate("problem_breaks", language, count=error.data["count"])
        case AlreadyExists():
            return translate("problem_taken", language, name=error.data["name"])
        case SchedulerLacksRight():
            return error.message(language)
        case Forbidden() if "needs" in error.data:
            return _forbidden(error, language)
        case InvalidInput():
            return error.message(language, field=_named(error.data["field"], language))
    return error.message(language)


def _forbidden(error: Forbidden, language: MessageLanguage) -> str:
    needs = str(error.data["needs"])
    if needs.startswith("role "):
        role = translate(f"role_{needs.removeprefix('role ')}", language)
        return translate("problem_role", language, role=role)
    if "owner" in needs:
        return translate("problem_owner", language)
    if "signed-in" in needs:
        return translate("problem_person", language)
    return error.message(language)


def _named(value: object, language: MessageLanguage) -> str:
    key = f"word_{str(value).replace(' ', '_')}"
    return translate(key, language) if key in TEXTS else str(value)
