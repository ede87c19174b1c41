"""What may be done with a thing: the moves that the record allows, asked of its own tables; pure."""

from dataclasses import dataclass

from kb.article import Article, ArticleRevision
from kb.article.editing import is_owned
from kb.article.review import Review
from kb.errors import KbError, NothingToRelease, OwnReview
from kb.lifecycle import ArticleVerb, NoteVerb, move_article, move_note
from kb.note import Note
from kb.note.editing import is_authors
from kb.rights import require_serving
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Role

#: in the order in which they are offered
ARTICLE_MOVES: tuple[ArticleVerb, ...] = (
    ArticleVerb.REVISE,
    ArticleVerb.REQUEST_REVIEW,
    ArticleVerb.APPROVE,
    ArticleVerb.REQUEST_CHANGES,
    ArticleVerb.RELEASE,
    ArticleVerb.VERIFY,
    ArticleVerb.SUBMIT,
    ArticleVerb.VALIDATE,
    ArticleVerb.REWORK,
    ArticleVerb.SCHEDULE_RELEASE,
    ArticleVerb.SCHEDULE_ARCHIVE,
    ArticleVerb.MERGE,
    ArticleVerb.ARCHIVE,
    ArticleVerb.RESTORE,
)
_ABOUT_WORKING = {ArticleVerb.REQUEST_REVIEW, ArticleVerb.RELEASE, ArticleVerb.SCHEDULE_RELEASE}
_ABOUT_REVIEW = {ArticleVerb.APPROVE, ArticleVerb.REQUEST_CHANGES}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move; `refusal` is what speaks against it now, None where it may be made."""

    verb: str
    refusal: KbError | None


def note_offers(note: Note, caller: Caller) -> frozenset[str]:
    """The names of the verbs that `caller` may use on `note` as it is."""
    return frozenset(verb.value for verb in NoteVerb if _may(verb, note, caller))


def article_offers(
    article: Article, caller: Caller, *, review: Review | None, reviewed: ArticleRevision | None
) -> list[Offer]:
    """Every move that makes sense here, in order, with what speaks against it.

    Args:
        review: the one that waits, and `reviewed` the revision that it is about.
    """
    offers = []
    for verb in ARTICLE_MOVES:
        if verb in _ABOUT_REVIEW and review is None:
            continue  # nobody asked
        try:
            _check(verb, article, caller, reviewed)
        except KbError as error:
            offers.append(Offer(verb.value, error))
        else:
            offers.append(Offer(verb.value, None))
    return offers


def _check(verb: ArticleVerb, article: Article, caller: Caller, reviewed: ArticleRevision | None) -> None:
    """Raise what the verb itself would raise, of what can be told beforehand."""
    move_article(
        verb,
        state=article.state,
        governance=article.governance,
        audience=article.audience,
        caller=caller,
        owned=is_owned(article, caller),
    )
    if verb in _ABOUT_WORKING and article.working_revision_id is None:
        raise NothingToRelease(id=article.id)
    if verb in _ABOUT_REVIEW and reviewed is not None and _wrote(reviewed, caller):
        raise OwnReview
    if verb is ArticleVerb.RESTORE and article.released_revision_id is not None:
        require_serving(caller, article.audience)


def _wrote(revision: ArticleRevision, caller: Caller) -> bool:
    is_author = caller.kind is CallerKind.PERSON and revision.author_id == caller.id
    return is_author and not caller.has_role(Role.MANAGER)


def _may(verb: NoteVerb, note: Note, caller: Caller) -> bool:
    try:
        move_note(verb, state=note.state, caller=caller, owned=is_authors(note, caller))
    except KbError:
        return False
    return True
