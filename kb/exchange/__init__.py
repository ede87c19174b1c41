"""Exchange: the record as plain images that leave and come in; formats are `ingest.exchange`'s."""
