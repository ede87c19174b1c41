"""Which moves articles and notes can make, and who may make them: one table each, pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from kb.errors import Forbidden, ImpossibleMove
from kb.rights import require
from kb.visibility import Caller, CallerKind
from kb.vocabulary import ArticleState, Audience, Governance, NoteState, Role, Scope


class ArticleVerb(StrEnum):
    REVISE = "revise"
    CHANGE = "change"
    #: ask somebody to look at the working revision
    REQUEST_REVIEW = "request_review"
    #: say that the revision that was looked at is right
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    #: say that it is worth checking
    SUBMIT = "submit"
    VALIDATE = "validate"
    #: say that it needs work
    REWORK = "rework"
    RELEASE = "release"
    #: say that it still holds
    VERIFY = "verify"
    ARCHIVE = "archive"
    RESTORE = "restore"
    SCHEDULE_RELEASE = "schedule_release"
    SCHEDULE_ARCHIVE = "schedule_archive"
    #: archive it and lead its readers to another
    MERGE = "merge"


class NoteVerb(StrEnum):
    #: write on, answer probes
    EDIT = "edit"
    #: hand a draft over
    TELL = "tell"
    #: throw a draft away
    DISCARD = "discard"
    #: make an article draft of it
    PROMOTE = "promote"
    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may make a move and where it leads.

    Attributes:
        leads_to: the state afterwards; None keeps the state.
        role: least role of a person.
        own_role: least role on an article of one's own.
        scope: what a key needs.
        public_role: least role where what it changes is then seen by the public; `role` where None.
    """

    leads_to: ArticleState | None
    role: Role
    own_role: Role
    scope: Scope
    public_role: Role | None = None


_WIP, _NOT_VALIDATED, _VALIDATED, _ARCHIVED = ArticleState
_EDIT = Rule(None, role=Role.CONTRIBUTOR, own_role=Role.AGENT, scope=Scope.WRITE)
_SUBMIT = Rule(_NOT_VALIDATED, role=Role.CONTRIBUTOR, own_role=Role.AGENT, scope=Scope.WRITE)
_REWORK = Rule(_WIP, role=Role.CONTRIBUTOR, own_role=Role.AGENT, scope=Scope.WRITE)
_VALIDATE = Rule(_VALIDATED, role=Role.CONTRIBUTOR, own_role=Role.CONTRIBUTOR, scope=Scope.RELEASE)
_RELEASE = Rule(
    _VALIDATED,
    role=Role.CONTRIBUTOR,
    own_role=Role.CONTRIBUTOR,
    scope=Scope.RELEASE,
    public_role=Role.PUBLISHER,
)
_SCHEDULE_RELEASE = replace(_RELEASE, leads_to=None)
_KEEP_REVIEWED = Rule(None, role=Role.CONTRIBUTOR, own_role=Role.CONTRIBUTOR, scope=Scope.RELEASE)
_SEND_BACK = replace(_KEEP_REVIEWED, leads_to=_WIP)
_VERIFY = Rule(None, role=Role.CONTRIBUTOR, own_role=Role.CONTRIBUTOR, scope=Scope.RELEASE)
_ARCHIVE = Rule(_ARCHIVED, role=Role.PUBLISHER, own_role=Role.PUBLISHER, scope=Scope.RELEASE)
_SCHEDULE_ARCHIVE = replace(_ARCHIVE, leads_to=None)
_RESTORE = Rule(_NOT_VALIDATED, role=Role.PUBLISHER, own_role=Role.PUBLISHER, scope=Scope.RELEASE)

#: what is not here is impossible
ARTICLE_MOVES: dict[tuple[ArticleVerb, ArticleState], Rule] = {
    (ArticleVerb.REVISE, _WIP): _EDIT,
    (ArticleVerb.REVISE, _NOT_VALIDATED): _EDIT,
    (ArticleVerb.REVISE, _VALIDATED): _EDIT,
    (ArticleVerb.CHANGE, _WIP): _EDIT,
    (ArticleVerb.CHANGE, _NOT_VALIDATED): _EDIT,
    (ArticleVerb.CHANGE, _VALIDATED): _EDIT,
    (ArticleVerb.SUBMIT, _WIP): _SUBMIT,
    (ArticleVerb.SUBMIT, _VALIDATED): _SUBMIT,
    (ArticleVerb.VALIDATE, _WIP): _VALIDATE,
    (ArticleVerb.VALIDATE, _NOT_VALIDATED): _VALIDATE,
    (ArticleVerb.REWORK, _NOT_VALIDATED): _REWORK,
    (ArticleVerb.REWORK, _VALIDATED): _REWORK,
    (ArticleVerb.REQUEST_REVIEW, _WIP): _SUBMIT,
    (ArticleVerb.REQUEST_REVIEW, _NOT_VALIDATED): _SUBMIT,
    (ArticleVerb.REQUEST_REVIEW, _VALIDATED): _EDIT,
    (ArticleVerb.APPROVE, _NOT_VALIDATED): _VALIDATE,
    (ArticleVerb.APPROVE, _VALIDATED): _KEEP_REVIEWED,
    (ArticleVerb.REQUEST_CHANGES, _NOT_VALIDATED): _SEND_BACK,
    (ArticleVerb.REQUEST_CHANGES, _VALIDATED): _KEEP_REVIEWED,
    (ArticleVerb.RELEASE, _WIP): _RELEASE,
    (ArticleVerb.RELEASE, _NOT_VALIDATED): _RELEASE,
    (ArticleVerb.RELEASE, _VALIDATED): _RELEASE,
    (ArticleVerb.SCHEDULE_RELEASE, _WIP): _SCHEDULE_RELEASE,
    (ArticleVerb.SCHEDULE_RELEASE, _NOT_VALIDATED): _SCHEDULE_RELEASE,
    (ArticleVerb.SCHEDULE_RELEASE, _VALIDATED): _SCHEDULE_RELEASE,
    (ArticleVerb.VERIFY, _VALIDATED): _VERIFY,
    (ArticleVerb.ARCHIVE, _WIP): _ARCHIVE,
    (ArticleVerb.ARCHIVE, _NOT_VALIDATED): _ARCHIVE,
    (ArticleVerb.ARCHIVE, _VALIDATED): _ARCHIVE,
    (ArticleVerb.SCHEDULE_ARCHIVE, _WIP): _SCHEDULE_ARCHIVE,
    (ArticleVerb.SCHEDULE_ARCHIVE, _NOT_VALIDATED): _SCHEDULE_ARCHIVE,
    (ArticleVerb.SCHEDULE_ARCHIVE, _VALIDATED): _SCHEDULE_ARCHIVE,
    (ArticleVerb.MERGE, _WIP): _ARCHIVE,
    (ArticleVerb.MERGE, _NOT_VALIDATED): _ARCHIVE,
    (ArticleVerb.MERGE, _VALIDATED): _ARCHIVE,
    (ArticleVerb.RESTORE, _ARCHIVED): _RESTORE,
}

NOTE_MOVES: dict[tuple[NoteVerb, NoteState], NoteState] = {
    (NoteVerb.EDIT, NoteState.DRAFT): NoteState.DRAFT,
    (NoteVerb.EDIT, NoteState.CAPTURED): NoteState.CAPTURED,
    (NoteVerb.EDIT, NoteState.REJECTED): NoteState.CAPTURED,
    (NoteVerb.TELL, NoteState.DRAFT): NoteState.CAPTURED,
    (NoteVerb.DISCARD, NoteState.DRAFT): NoteState.DRAFT,
    (NoteVerb.PROMOTE, NoteState.CAPTURED): NoteState.CAPTURED,
    (NoteVerb.PROMOTE, NoteState.ACCEPTED): NoteState.ACCEPTED,
    (NoteVerb.ACCEPT, NoteState.CAPTURED): NoteState.ACCEPTED,
    (NoteVerb.ACCEPT, NoteState.REJECTED): NoteState.ACCEPTED,
    (NoteVerb.REJECT, NoteState.CAPTURED): NoteState.REJECTED,
    (NoteVerb.REJECT, NoteState.ACCEPTED): NoteState.REJECTED,
}

#: the author may do them whatever the role, a contributor for another
_AUTHORS_VERBS = {NoteVerb.EDIT, NoteVerb.TELL, NoteVerb.DISCARD, NoteVerb.PROMOTE}

#: the verb that leads to a state that was asked for by name
STATE_VERBS: dict[ArticleState, ArticleVerb] = {
    _WIP: ArticleVerb.REWORK,
    _NOT_VALIDATED: ArticleVerb.SUBMIT,
    _VALIDATED: ArticleVerb.VALIDATE,
    _ARCHIVED: ArticleVerb.ARCHIVE,
}


def move_article(
    verb: ArticleVerb,
    *,
    state: ArticleState,
    governance: Governance,
    audience: Audience,
    caller: Caller,
    owned: bool,
) -> ArticleState:
    """The state after `verb`.

    Args:
        owned: whether the caller, or a team of theirs, owns the article.
    Raises:
        ImpossibleMove: not from this state, whoever asks.
        NotSignedIn, Forbidden: not this caller. Compliance articles are for their owner and managers.
    """
    rule = ARTICLE_MOVES.get((verb, state))
    if rule is None:
        raise ImpossibleMove(what="article", state=state.value, verb=verb.value)
    role = rule.own_role if owned else rule.role
    if audience is Audience.PUBLIC and rule.public_role is not None:
        role = rule.public_role
    require(caller, role=role, scope=rule.scope)
    if governance is Governance.COMPLIANCE and not (owned or _stands_above_owners(caller)):
        raise Forbidden(needs="to be the owner of this compliance article, or role manager")
    return rule.leads_to or state


def move_note(verb: NoteVerb, *, state: NoteState, caller: Caller, owned: bool) -> NoteState:
    """The state after `verb`.

    Args:
        owned: whether the caller told the note.
    Raises:
        ImpossibleMove, NotSignedIn, Forbidden.
    """
    leads_to = NOTE_MOVES.get((verb, state))
    if leads_to is None:
        raise ImpossibleMove(what="note", state=state.value, verb=verb.value)
    if verb in _AUTHORS_VERBS:
        require(caller, role=Role.AGENT if owned else Role.CONTRIBUTOR, scope=Scope.WRITE)
    else:
        require(caller, role=Role.CONTRIBUTOR, scope=Scope.RELEASE)
    return leads_to


def _stands_above_owners(caller: Caller) -> bool:
    return caller.kind is CallerKind.OPERATOR or caller.has_role(Role.MANAGER)
