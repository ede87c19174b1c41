"""What a model wants written before a query and before a passage."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Prefixes:
    """Texts put before what is embedded; part of the model's identity, since they change vectors."""

    query: str = ""
    passage: str = ""

    @property
    def mark(self) -> str:
        """A short stable name of this pair: "plain" where both are empty."""
        if not self.query and not self.passage:
            return "plain"
        return hashlib.sha256(f"{self.query}\0{self.passage}".encode()).hexdigest()[:8]


def default_prefixes(model: str) -> Prefixes:
    """The prefixes of the E5 family (its model cards); none for other models.

    The instruction-tuned E5 models take whole sentences instead and are left plain.
    """
    name = model.rsplit("/", 1)[-1].lower()
    if "e5" in name.replace("_", "-").split("-") and "instruct" not in name:
        return Prefixes(query="query: ", passage="passage: ")
    return Prefixes()
