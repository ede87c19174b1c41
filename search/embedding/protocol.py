"""What every embedder offers, and the text that any of them takes."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kb.errors import EmptyText

if TYPE_CHECKING:
    from search.embedding.e5_adapter import Adapter

Vector = NDArray[np.float32]
#: Called with (texts done, texts in all) while passages are embedded.
Progress = Callable[[int, int], None]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Embedder(Protocol):
    """Turns texts into unit vectors; safe to call from several threads at once."""

    @property
    def model_id(self) -> str:
        """Identity stored with every vector: model, precision and version of the recipe.

        Vectors with different ids must never be compared.
        """

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        """Embed what is searched.

        Returns:
            [len(texts), dimension] float32, unit rows, in the order of `texts`.
        Raises:
            EmptyText: a text holds no visible character; nothing was embedded.
            EmbeddingUnavailable: the model cannot be loaded or reached.
        """

    def embed_query(self, text: str) -> Vector:
        """Embed what somebody asks: [dimension] float32, unit length; raises as `embed_passages`."""

    def warm_up(self) -> None:
        """Load or reach the model now, so that the first query does not wait for it."""


def prepare_query(embedder: Embedder, text: str) -> Callable[[], Vector]:
    """What embeds `text` as `Embedder.embed_query` when it is called, in whichever thread.

    An embedder that has a `prepare_query` of its own does here what needs the interpreter lock, so that the
    other thread need not wait for it.
    """
    prepare: Callable[[str], Callable[[], Vector]] | None = getattr(embedder, "prepare_query", None)
    return prepare(text) if prepare is not None else partial(embedder.embed_query, text)


@runtime_checkable
class PartsEmbedder(Protocol):
    """An embedder that also tells what each part of a text means where it stands."""

    def embed_parts(self, parts: Sequence[str], *, adapter: "Adapter | None" = None) -> Vector:
        """Embed consecutive parts of one text, each in the light of all.

        Args:
            adapter: what turns the model towards a task.
        Returns:
            [len(parts), dimension] float32, not of unit length, to be compared with one another only; zero
            where a part holds nothing that the model reads.
        """


def clean_text(text: str, *, field: str) -> str:
    """`readable_text`, trimmed.

    Raises:
        EmptyText: no visible character is left; names `field`.
    """
    text = readable_text(text).strip()
    if not any(character.isprintable() and character != " " for character in text):
        raise EmptyText(field=field)
    return text


def readable_text(text: str) -> str:
    """Text without what a tokenizer or a wire format would trip over.

    NUL becomes a space (C strings end there); surrogate pairs are joined and lone surrogates,
    which have no UTF-8 form, become spaces.
    """
    text = text.replace("\0", " ")
    if _LONE_SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", " ")
    return text


def clean_texts(texts: Sequence[str]) -> list[str]:
    """`clean_text` over passages; the error names the position, counted from 0."""
    return [clean_text(text, field=f"texts[{position}]") for position, text in enumerate(texts)]
