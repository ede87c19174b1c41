"""Cuts a text along its structure into passages that tile it exactly.

A passage is what is embedded and found, so it should say one thing: it keeps to one section where the
section is long enough, does not part a heading from what follows, and cuts tables between rows, code between
lines and paragraphs between sentences, and those only where they do not fit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.document import Block, BlockKind, Extracted
from ingest.sentences import safe_cut, sentence_ends, word_ends
from ingest.tokens import estimate_tokens

# The model reads 512 tokens. The estimate is off by up to a third for signs and code, and the title and
# heading path come on top: of 2,500 passages of two help centres 3 came to more (up to 562), all with base64.
TARGET_TOKENS = 190
MAX_TOKENS = 340
# Neighbouring sections below this are merged: they are labels, not answers.
_TINY_TOKENS = 30
# Beyond this a table's header would crowd out the rows it explains.
_MOST_HEADER_TOKENS = 80
_WORST_TOKENS_PER_CHAR = 1.0
_JOINT_TOKENS = 30
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a text (code points) that is indexed.

    `heading_path`: the headings in force over all of it, outermost first, its own included.
    `kind`: the kind of block that makes up most of it; `metadata` passages are stored, not embedded.
    `table_header`: the header row of the table that this passage continues, else empty.
    """

    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    kind: BlockKind = BlockKind.PARAGRAPH
    table_header: str = ""


@dataclass(frozen=True, slots=True)
class _Atom:
    """A stretch that is never cut; a heading (level above 0) stays with the atom after it."""

    start: int
    end: int
    kind: BlockKind
    path: tuple[str, ...]
    tokens: float
    level: int = 0
    table_header: str = ""


def split(
    extracted: Extracted, *, target_tokens: int = TARGET_TOKENS, max_tokens: int = MAX_TOKENS
) -> tuple[Passage, ...]:
    """Cut `extracted` into passages.

    Args:
        target_tokens: what a passage of running text should come to, by `estimate_tokens`.
        max_tokens: what none exceeds, at least 20.
    Returns:
        Passages in reading order; joined, their texts reproduce `extracted.text`. None for an empty text.
    """
    text = extracted.text
    atoms = list(_atoms(text, extracted.blocks, max_tokens))
    groups: list[list[_Atom]] = []
    for section in _sections(atoms):
        groups.extend(_packed(section, target_tokens, max_tokens))
    groups = _tiny_merged(groups, target_tokens)
    return tuple(_passage(text, group) for group in groups)


def _pieces(text: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int, Block]]:
    """The blocks with the gaps after them, from the first code point to the last."""
    solid = [block for block in blocks if block.kind is not BlockKind.PAGE_BREAK and block.start < block.end]
    if not solid:
        if text:
            yield 0, len(text), Block(BlockKind.PARAGRAPH, 0, len(text))
        return
    edges = [0, *(block.start for block in solid[1:]), len(text)]
    for block, (start, end) in zip(solid, pairwise(edges), strict=True):
        yield start, end, block


def _atoms(text: str, blocks: Sequence[Block], max_tokens: int) -> Iterator[_Atom]:
    path: list[tuple[int, str]] = []
    for start, end, block in _pieces(text, blocks):
        if block.kind is BlockKind.HEADING:
            path = [*(entry for entry in path if entry[0] < block.level), (block.level, block.label)]
        labels = tuple(label for _, label in path)
        tokens = estimate_tokens(text[start:end])
        level = block.level if block.kind is BlockKind.HEADING else 0
        whole = _Atom(start, end, block.kind, labels, tokens, level)
        if tokens <= max_tokens:
            yield whole
        elif block.kind is BlockKind.TABLE and len(block.rows) > 1:
            yield from _rows(text, block, whole, max_tokens)
        else:
            by_line = block.kind in (BlockKind.CODE, BlockKind.METADATA, BlockKind.TABLE)
            yield from _parts(text, replace(whole, level=0), max_tokens, by_line=by_line)


def _rows(text: str, block: Block, whole: _Atom, max_tokens: int) -> Iterator[_Atom]:
    """One atom a row; those after the header carry it."""
    header = text[block.rows[0].start : block.rows[0].end] if block.has_header else ""
    if estimate_tokens(header) > _MOST_HEADER_TOKENS:
        header = ""
    edges = [whole.start, *(row.start for row in block.rows[1:]), whole.end]
    for index, (start, end) in enumerate(pairwise(edges)):
        tokens = estimate_tokens(text[start:end])
        row = replace(whole, start=start, end=end, tokens=tokens, table_header=header if index else "")
        if tokens <= max_tokens:
            yield row
        else:
            yield from _parts(text, row, max_tokens, by_line=False)


def _parts(text: str, whole: _Atom, max_tokens: int, *, by_line: bool) -> Iterator[_Atom]:
    """Lines or sentences; those that are still too long by words, and words by safe offsets."""
    raw = text[whole.start : whole.end]
    ends = _line_ends(raw) if by_line else sentence_ends(raw)
    start = previous = 0
    tokens = 0.0
    for end in ends:
        cost = estimate_tokens(raw[previous:end])
        # Short lines and sentences are gathered: a passage needs no finer joints than these.
        if start < previous and tokens + cost > _JOINT_TOKENS:
            yield from _fitted(raw, start, previous, tokens, whole, max_tokens)
            start, tokens = previous, 0.0
        tokens += cost
        previous = end
    yield from _fitted(raw, start, previous, tokens, whole, max_tokens)


def _line_ends(raw: str) -> list[int]:
    ends = [found.end() for found in _LINE_END.finditer(raw)]
    return ends if ends and ends[-1] == len(raw) else [*ends, len(raw)]


def _fitted(raw: str, start: int, end: int, tokens: float, whole: _Atom, max_tokens: int) -> Iterator[_Atom]:
    spans = [(start, end)] if tokens <= max_tokens else _fitting(raw, start, end, max_tokens)
    for low, high in spans:
        cost = estimate_tokens(raw[low:high])
        yield replace(whole, start=whole.start + low, end=whole.start + high, tokens=cost)


def _fitting(raw: str, start: int, end: int, max_tokens: int) -> Iterator[tuple[int, int]]:
    """Words gathered up to the maximum; the estimate is a sum over characters, so it adds up word by word."""
    begin, tokens = start, 0.0
    previous = start
    for word_end in (start + offset for offset in word_ends(raw[start:end])):
        cost = estimate_tokens(raw[previous:word_end])
        if begin < previous and tokens + cost > max_tokens:
            yield begin, previous
            begin, tokens = previous, 0.0
        tokens += cost
        if tokens > max_tokens:
            # One "word" beyond the maximum: base64, a table of dots, text without spaces.
            step = int(max_tokens / _WORST_TOKENS_PER_CHAR)
            while word_end - begin > step:
                cut = max(begin + 1, safe_cut(raw, begin + step))
                yield begin, cut
                begin = cut
            tokens = estimate_tokens(raw[begin:word_end])
        previous = word_end
    if begin < end:
        yield begin, end


def _sections(atoms: Sequence[_Atom]) -> Iterator[list[_Atom]]:
    """Atoms under one heading; a heading directly above a deeper one belongs to its section.

    Metadata before any prose (front matter, imports) and long scripts are sections of their own.
    """
    section: list[_Atom] = []
    for atom in atoms:
        apart = atom.kind is BlockKind.METADATA and (not section or atom.tokens > _TINY_TOKENS)
        after_apart = (
            bool(section) and section[-1].kind is BlockKind.METADATA and section[0].kind is BlockKind.METADATA
        )
        only_headings = bool(section) and all(member.level for member in section)
        starts = bool(atom.level) and not (only_headings and section[-1].level < atom.level)
        if section and (starts or (apart and not after_apart) or (after_apart and not apart)):
            yield section
            section = []
        section.append(atom)
    if section:
        yield section


def _packed(section: Sequence[_Atom], target_tokens: int, max_tokens: int) -> list[list[_Atom]]:
    """Atoms of one section in groups of about equal size, none above the maximum unless one atom is."""
    total = sum(atom.tokens for atom in section)
    if total <= min(max_tokens, 1.4 * target_tokens):
        return [list(section)]
    aim = total / max(1, round(total / target_tokens))
    groups: list[list[_Atom]] = [[]]
    filled = 0.0
    for atom in section:
        group = groups[-1]
        headings_only = all(member.level for member in group)
        full = filled + atom.tokens > max_tokens
        enough = filled >= 0.6 * aim and filled + atom.tokens / 2 > aim
        if group and (full or (enough and not headings_only)):
            groups.append([])
            filled = 0.0
            if full and not headings_only:
                while group[-1].level:
                    groups[-1].insert(0, group.pop())
                    filled += groups[-1][0].tokens
        groups[-1].append(atom)
        filled += atom.tokens
    if len(groups) > 1 and filled < 0.35 * aim and filled + _tokens(groups[-2]) <= max_tokens:
        groups[-2].extend(groups.pop())
    return groups


def _tiny_merged(groups: Sequence[list[_Atom]], target_tokens: int) -> list[list[_Atom]]:
    """Runs of tiny groups under the same parent become one group."""
    merged: list[list[_Atom]] = []
    for group in groups:
        if (
            merged
            and _tokens(group) < _TINY_TOKENS
            and _tokens(merged[-1]) < _TINY_TOKENS * 2
            and BlockKind.METADATA not in (group[0].kind, merged[-1][0].kind)
            and _parent(group) == _parent(merged[-1])
            and _tokens(group) + _tokens(merged[-1]) <= target_tokens
        ):
            merged[-1] = [*merged[-1], *group]
        else:
            merged.append(list(group))
    return merged


def _parent(group: Sequence[_Atom]) -> tuple[str, ...]:
    """The headings above a group's own."""
    own = group[0]
    for atom in group:
        if not atom.level:
            break
        own = atom
    return own.path[:-1] if own.level else own.path


def _tokens(group: Sequence[_Atom]) -> float:
    return sum(atom.tokens for atom in group)


def _passage(text: str, group: Sequence[_Atom]) -> Passage:
    body = [atom for atom in group if not atom.level] or list(group)
    path = body[0].path
    for atom in body:
        path = tuple(a for a, b in zip(path, atom.path, strict=False) if a == b)
    weights: dict[BlockKind, float] = {}
    for atom in body:
        weights[atom.kind] = weights.get(atom.kind, 0.0) + atom.tokens
    start, end = group[0].start, group[-1].end
    kind = max(weights, key=lambda kind: weights[kind])
    return Passage(start, end, text[start:end], path, kind, group[0].table_header)
