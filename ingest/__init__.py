"""Conversion, structure, passages: bytes in, values out, no session."""

import os

# As in `search`: set before the first import of Haystack, whichever package comes first.
os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")
