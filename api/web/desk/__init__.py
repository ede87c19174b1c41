"""The desk's pages: where notes are written, articles kept, and what waits is decided on."""
