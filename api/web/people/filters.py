"""What narrows the list of people."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from kb.vocabulary import Role


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """As the address says; empty values narrow nothing."""

    q: str = ""
    role: str = ""
    #: active or inactive
    state: str = ""
    #: a team's id
    team: str = ""

    @property
    def conditions(self) -> dict[str, Any]:
        """For `list_users`."""
        return {
            "words": self.q,
            "role": Role(self.role) if self.role else None,
            "active": self.state == "active" if self.state else None,
            "team_id": self.team or None,
        }

    def address(self, cursor: str) -> str:
        """Of the next page."""
        given = {"q": self.q, "role": self.role, "state": self.state, "team": self.team, "cursor": cursor}
        return "?" + urlencode({name: value for name, value in given.items() if value})
