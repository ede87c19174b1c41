"""Made-up pairs of texts with known truth: near-duplicates, conflicts, and what only looks like them."""
