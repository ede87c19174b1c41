from itertools import product

import pytest

from kb.errors import Forbidden, ImpossibleMove, NotSignedIn
from kb.lifecycle import ARTICLE_MOVES, STATE_VERBS, ArticleVerb, NoteVerb, move_article, move_note
from kb.visibility import ANONYMOUS, OPERATOR, Caller, CallerKind
from kb.vocabulary import ArticleState, Audience, Governance, NoteState, Role, Scope
from tests.factories import make_key

WIP, NOT_VALIDATED, VALIDATED, ARCHIVED = ArticleState

#: verb x state -> state afterwards; written down a second time, apart from the rules
LEADS_TO = {
    ArticleVerb.REVISE: {WIP: WIP, NOT_VALIDATED: NOT_VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.CHANGE: {WIP: WIP, NOT_VALIDATED: NOT_VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.REQUEST_REVIEW: {WIP: NOT_VALIDATED, NOT_VALIDATED: NOT_VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.APPROVE: {NOT_VALIDATED: VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.REQUEST_CHANGES: {NOT_VALIDATED: WIP, VALIDATED: VALIDATED},
    ArticleVerb.SUBMIT: {WIP: NOT_VALIDATED, VALIDATED: NOT_VALIDATED},
    ArticleVerb.VALIDATE: {WIP: VALIDATED, NOT_VALIDATED: VALIDATED},
    ArticleVerb.REWORK: {NOT_VALIDATED: WIP, VALIDATED: WIP},
    ArticleVerb.RELEASE: {WIP: VALIDATED, NOT_VALIDATED: VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.VERIFY: {VALIDATED: VALIDATED},
    ArticleVerb.ARCHIVE: {WIP: ARCHIVED, NOT_VALIDATED: ARCHIVED, VALIDATED: ARCHIVED},
    ArticleVerb.RESTORE: {ARCHIVED: NOT_VALIDATED},
    ArticleVerb.SCHEDULE_RELEASE: {WIP: WIP, NOT_VALIDATED: NOT_VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.SCHEDULE_ARCHIVE: {WIP: WIP, NOT_VALIDATED: NOT_VALIDATED, VALIDATED: VALIDATED},
    ArticleVerb.MERGE: {WIP: ARCHIVED, NOT_VALIDATED: ARCHIVED, VALIDATED: ARCHIVED},
}
#: least role on another's and on one's own article, and the scope of a key
NEEDS = {
    ArticleVerb.REVISE: (Role.CONTRIBUTOR, Role.AGENT, Scope.WRITE),
    ArticleVerb.CHANGE: (Role.CONTRIBUTOR, Role.AGENT, Scope.WRITE),
    ArticleVerb.REQUEST_REVIEW: (Role.CONTRIBUTOR, Role.AGENT, Scope.WRITE),
    ArticleVerb.APPROVE: (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Scope.RELEASE),
    ArticleVerb.REQUEST_CHANGES: (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Scope.RELEASE),
    ArticleVerb.SUBMIT: (Role.CONTRIBUTOR, Role.AGENT, Scope.WRITE),
    ArticleVerb.VALIDATE: (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Scope.RELEASE),
    ArticleVerb.REWORK: (Role.CONTRIBUTOR, Role.AGENT, Scope.WRITE),
    ArticleVerb.RELEASE: (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Scope.RELEASE),
    ArticleVerb.VERIFY: (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Scope.RELEASE),
    ArticleVerb.ARCHIVE: (Role.PUBLISHER, Role.PUBLISHER, Scope.RELEASE),
    ArticleVerb.RESTORE: (Role.PUBLISHER, Role.PUBLISHER, Scope.RELEASE),
    ArticleVerb.SCHEDULE_RELEASE: (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Scope.RELEASE),
    ArticleVerb.SCHEDULE_ARCHIVE: (Role.PUBLISHER, Role.PUBLISHER, Scope.RELEASE),
    ArticleVerb.MERGE: (Role.PUBLISHER, Role.PUBLISHER, Scope.RELEASE),
}
#: what then reaches the public needs a publisher
PUBLIC_NEEDS = {ArticleVerb.RELEASE: Role.PUBLISHER, ArticleVerb.SCHEDULE_RELEASE: Role.PUBLISHER}


def person(role: Role) -> Caller:
    return Caller(kind=CallerKind.PERSON, id="p", role=role)


@pytest.mark.parametrize("verb", ArticleVerb)
def test_every_verb_in_every_state_by_every_role_is_decided_as_the_table_says(verb: ArticleVerb) -> None:
    others, own, _ = NEEDS[verb]
    order = list(Role)
    every = product(ArticleState, Role, Governance, Audience, (True, False))
    for state, role, governance, audience, owned in every:
        role_needed = own if owned else others
        if audience is Audience.PUBLIC:
            role_needed = PUBLIC_NEEDS.get(verb, role_needed)
        above_owners = role in (Role.MANAGER, Role.ADMIN)
        expected: ArticleState | type[Exception] = Forbidden
        if state not in LEADS_TO[verb]:
            expected = ImpossibleMove
        elif order.index(role) >= order.index(role_needed) and (
            governance is Governance.EXPERIENCE or owned or above_owners
        ):
            expected = LEADS_TO[verb][state]
        decide = {
            "state": state,
            "governance": governance,
            "audience": audience,
            "caller": person(role),
            "owned": owned,
        }
        if isinstance(expected, ArticleState):
            assert move_article(verb, **decide) is expected  # type: ignore[arg-type]
        else:
            with pytest.raises(expected):
                move_article(verb, **decide)  # type: ignore[arg-type]


@pytest.mark.parametrize(("verb", "scope"), list(product(ArticleVerb, Scope)))
def test_keys_need_the_scope_and_never_move_compliance_articles(verb: ArticleVerb, scope: Scope) -> None:
    key = make_key(scope, ceiling=Audience.INTERNAL)
    state = next(iter(LEADS_TO[verb]))
    decide = {"state": state, "audience": Audience.INTERNAL, "caller": key, "owned": False}
    if scope is NEEDS[verb][2]:
        assert move_article(verb, governance=Governance.EXPERIENCE, **decide) is LEADS_TO[verb][state]  # type: ignore[arg-type]
    else:
        with pytest.raises(Forbidden):
            move_article(verb, governance=Governance.EXPERIENCE, **decide)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        move_article(verb, governance=Governance.COMPLIANCE, **decide)  # type: ignore[arg-type]


@pytest.mark.parametrize(("verb", "state"), list(ARTICLE_MOVES))
def test_visitors_move_nothing_and_the_operator_everything(verb: ArticleVerb, state: ArticleState) -> None:
    for governance in Governance:
        with pytest.raises(NotSignedIn):
            move_article(
                verb,
                state=state,
                governance=governance,
                audience=Audience.PUBLIC,
                caller=ANONYMOUS,
                owned=False,
            )
        moved = move_article(
            verb, state=state, governance=governance, audience=Audience.PUBLIC, caller=OPERATOR, owned=False
        )
        assert moved is LEADS_TO[verb][state]


def test_the_verb_of_a_state_leads_there() -> None:
    for state, verb in STATE_VERBS.items():
        assert set(LEADS_TO[verb].values()) == {state}


#: what is not here is impossible
NOTE_LEADS_TO = {
    NoteVerb.EDIT: {
        NoteState.DRAFT: NoteState.DRAFT,
        NoteState.CAPTURED: NoteState.CAPTURED,
        NoteState.REJECTED: NoteState.CAPTURED,
    },
    NoteVerb.TELL: {NoteState.DRAFT: NoteState.CAPTURED},
    NoteVerb.DISCARD: {NoteState.DRAFT: NoteState.DRAFT},
    NoteVerb.PROMOTE: {NoteState.CAPTURED: NoteState.CAPTURED, NoteState.ACCEPTED: NoteState.ACCEPTED},
    NoteVerb.ACCEPT: {NoteState.CAPTURED: NoteState.ACCEPTED, NoteState.REJECTED: NoteState.ACCEPTED},
    NoteVerb.REJECT: {NoteState.CAPTURED: NoteState.REJECTED, NoteState.ACCEPTED: NoteState.REJECTED},
}
AUTHORS = {NoteVerb.EDIT, NoteVerb.TELL, NoteVerb.DISCARD, NoteVerb.PROMOTE}


@pytest.mark.parametrize("verb", NoteVerb)
def test_notes_move_as_their_table_says_for_every_role(verb: NoteVerb) -> None:
    for state, role, owned in product(NoteState, Role, (True, False)):
        allowed = role is not Role.AGENT or (owned and verb in AUTHORS)
        expected = NOTE_LEADS_TO[verb].get(state)
        if expected is None:
            with pytest.raises(ImpossibleMove):
                move_note(verb, state=state, caller=person(role), owned=owned)
        elif not allowed:
            with pytest.raises(Forbidden):
                move_note(verb, state=state, caller=person(role), owned=owned)
        else:
            assert move_note(verb, state=state, caller=person(role), owned=owned) is expected


@pytest.mark.parametrize("verb", NoteVerb)
def test_notes_need_the_scope_of_their_verb(verb: NoteVerb) -> None:
    state, leads_to = next(iter(NOTE_LEADS_TO[verb].items()))
    needed = Scope.WRITE if verb in AUTHORS else Scope.RELEASE
    for scope in Scope:
        if scope is needed:
            assert move_note(verb, state=state, caller=make_key(scope), owned=False) is leads_to
        else:
            with pytest.raises(Forbidden):
                move_note(verb, state=state, caller=make_key(scope), owned=False)
    assert move_note(verb, state=state, caller=OPERATOR, owned=False) is leads_to
    with pytest.raises(NotSignedIn):
        move_note(verb, state=state, caller=ANONYMOUS, owned=False)
