"""Editions: staged by workers, published by the index's owner, retired with their origins."""

from kb.edition.shown import (
    Confirmed,
    LivePassage,
    confirmed_passages,
    count_live,
    edition_passages,
    iterate_live,
    live_passages,
)
from kb.edition.stages import (
    drop_edition,
    drop_proposed,
    keep_in_step,
    live_edition,
    propose_edition,
    proposed_edition,
    publish_edition,
    retire_editions,
    retire_staged,
    retired_editions,
    stage_edition,
    staged_edition,
    staged_editions,
)
from kb.edition.vectors import add_vectors, missing_vectors, prune_vectors, vectors_of

__all__ = [
    "Confirmed",
    "LivePassage",
    "add_vectors",
    "confirmed_passages",
    "count_live",
    "drop_edition",
    "drop_proposed",
    "edition_passages",
    "iterate_live",
    "keep_in_step",
    "live_edition",
    "live_passages",
    "missing_vectors",
    "propose_edition",
    "proposed_edition",
    "prune_vectors",
    "publish_edition",
    "retire_editions",
    "retire_staged",
    "retired_editions",
    "stage_edition",
    "staged_edition",
    "staged_editions",
    "vectors_of",
]
