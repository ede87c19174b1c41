"""What situations are built with: each prepares a record and gives back the act."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Language

Verb = Callable[..., Any]
INTERNAL, FA = Audience.INTERNAL, Language.PERSIAN


def of_new(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    return lambda session: lambda: verb(session, caller=OPERATOR, **given)
