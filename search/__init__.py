"""Text analysis, embedding, the passage index, hybrid retrieval, ranking and answers."""

import os

# Haystack reports usage to a third party unless told otherwise before its first import,
# and fails to import where HOME is read-only. Nothing here may call home.
os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")
