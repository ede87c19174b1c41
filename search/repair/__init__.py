"""Query repair: Finglish, the wrong keyboard layout, typos, split and joined words."""

from search.repair.repairer import QueryRepairer
from search.repair.value import Alternative, Kind, Repair

__all__ = ["Alternative", "Kind", "QueryRepairer", "Repair"]
