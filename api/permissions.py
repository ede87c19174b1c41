"""Who may call a route: declared on every one of them, checked before it runs.

The verbs of the record check rights again, with what only they know (whose article, which state).
"""

from dataclasses import dataclass

from kb.errors import Forbidden, NotSignedIn
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Role, Scope


@dataclass(frozen=True, slots=True)
class Permission:
    """The least a caller needs.

    `role` is for persons, `scope` for keys; None admits none of them. `visitors` admits anonymous
    callers where the portal is public. `anybody` admits whoever is not refused for wrong credentials.
    """

    role: Role | None = None
    scope: Scope | None = None
    visitors: bool = False
    anybody: bool = False

    def check(self, caller: Caller, *, portal_public: bool) -> None:
        """Return, or raise what keeps `caller` out.

        Raises:
            NotSignedIn: a visitor where visitors are not admitted.
            Forbidden: known, but without the role or scope.
        """
        if self.anybody:
            return
        match caller.kind:
            case CallerKind.OPERATOR:
                return
            case CallerKind.PERSON if self.role is not None and caller.has_role(self.role):
                return
            case CallerKind.KEY if self.scope is not None and self.scope in caller.scopes:
                return
            case CallerKind.ANONYMOUS:
                if self.visitors and portal_public:
                    return
                raise NotSignedIn
        raise Forbidden(needs=self._needs(caller))

    def _needs(self, caller: Caller) -> str:
        if caller.kind is CallerKind.KEY:
            return f"scope {self.scope}" if self.scope else "a signed-in person"
        return f"role {self.role}" if self.role else "an API key"


#: what a portal may show; what is seen still depends on the visibility
SEARCHING = Permission(role=Role.AGENT, scope=Scope.SEARCH, visitors=True)
READING = Permission(role=Role.AGENT, scope=Scope.READ, visitors=True)
#: statuses, originals, jobs
INSPECTING = Permission(role=Role.AGENT, scope=Scope.READ)
#: working revisions, history, notes
DESK = Permission(role=Role.AGENT, scope=Scope.WRITE)
WRITING = Permission(role=Role.AGENT, scope=Scope.WRITE)
UPLOADING = Permission(role=Role.CONTRIBUTOR, scope=Scope.WRITE)
RELEASING = Permission(role=Role.CONTRIBUTOR, scope=Scope.RELEASE)
ARCHIVING = Permission(role=Role.PUBLISHER, scope=Scope.RELEASE)
ADMINISTERING = Permission(role=Role.ADMIN, scope=Scope.ADMIN)
#: saying that something answered a question: people only
LINKING = Permission(role=Role.AGENT)
#: the pages of the desk: people only, as programs have the API
AT_DESK = Permission(role=Role.AGENT)
#: what comparing found; deciding on it
CURATING = Permission(role=Role.CONTRIBUTOR, scope=Scope.WRITE)
#: saying that something is not right: whoever reads it
FLAGGING = Permission(role=Role.AGENT, scope=Scope.READ, visitors=True)
#: deciding who owns what; what everybody here works with, such as templates and teams
MANAGING = Permission(role=Role.MANAGER, scope=Scope.ADMIN)
#: acceptance of notes
REVIEWING = Permission(role=Role.CONTRIBUTOR, scope=Scope.RELEASE)
#: a person about themselves, an administrator about anybody
KNOWN_PERSON = Permission(role=Role.AGENT, scope=Scope.ADMIN)
#: what people do with their own account; never a key
OWN_ACCOUNT = Permission(role=Role.AGENT)
#: the pages of administrators and managers
ADMINISTERING_PAGES = Permission(role=Role.ADMIN)
MANAGING_PAGES = Permission(role=Role.MANAGER)
#: whoever it is; wrong credentials are refused
ANYBODY = Permission(anybody=True)


def works_on_articles(caller: Caller) -> bool:
    """Whether the caller sees working revisions, authors and comments, and not only what is served."""
    return caller.kind in (CallerKind.PERSON, CallerKind.OPERATOR) or Scope.WRITE in caller.scopes
