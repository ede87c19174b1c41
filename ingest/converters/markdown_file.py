"""Markdown and MDX: the text stays as written, its offsets are source offsets."""

from dataclasses import replace

from ingest.document import Block, BlockKind, Extracted
from ingest.markdown import blocks_of, front_matter
from ingest.received import Received


def convert(received: Received) -> Extracted:
    """Keep the source and find its blocks; front matter becomes metadata and, with a `title`, the title."""
    text, notices = received.text()
    values, prose = front_matter(text)
    blocks = blocks_of(text, offset=prose)
    if prose:
        blocks = (Block(BlockKind.METADATA, 0, len(text[:prose].rstrip())), *blocks)
    heading = next((block.label for block in blocks if block.kind is BlockKind.HEADING), "")
    title = values.get("title")
    extracted = received.as_written(
        text, blocks, notices, title=title.strip() if isinstance(title, str) and title.strip() else heading
    )
    return replace(extracted, metadata=values)
