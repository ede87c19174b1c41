"""One module a family of file kinds, each with `convert(received) -> Extracted`."""
