"""The parts a request may use, opened once by the composition root."""

from dataclasses import dataclass

from api.key_use import KeyUse
from api.metrics import Metrics
from api.oidc.provider import Provider
from api.sign_in_gate import SignInGate
from api.visitor_limit import VisitorLimit
from codify.elicitation.detect import Detector, detect
from codify.elicitation.rewording import ProbeWriter
from kb.database import Database
from kb.settings import Settings
from search.open import Search


@dataclass(frozen=True, slots=True)
class Service:
    """Settings, record, search and measurements of one running application."""

    settings: Settings
    database: Database
    search: Search
    metrics: Metrics
    gate: SignInGate
    key_use: KeyUse
    visitor_limit: VisitorLimit
    #: what the command line on this machine proves itself with; None: nobody is the operator
    operator_token: str | None = None
    #: words probes better than the rules; None: the rules word them
    probe_writer: ProbeWriter | None = None
    #: whom people may sign in with besides passwords; None: nobody
    provider: Provider | None = None
    #: finds in notes what they tell
    detector: Detector = detect
