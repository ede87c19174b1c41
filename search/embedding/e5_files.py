"""The built model on disk: made once, checked at every load, never half-written."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from kb.errors import EmbeddingUnavailable
from search.embedding.e5_weights import WEIGHTS_SHA256, E5Weights, check_weights

logger = logging.getLogger(__name__)

_ENCODER = "encoder.onnx"
_TOKENIZER = "tokenizer.model"
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class ModelFiles:
    """What a model is made of."""

    #: Serialised ONNX graph.
    encoder: bytes
    #: SentencePiece's model file.
    tokenizer: bytes


def model_directory(models_directory: Path, model_id: str) -> Path:
    """Where the built model lives: `<models directory>/<model id with dashes>`."""
    return models_directory / model_id.replace("/", "-")


def load_or_build(weights: E5Weights, *, models_directory: Path | None, model_id: str) -> ModelFiles:
    """The built model, from disk where it is intact, else built (about a second) and kept.

    Any number of processes may do this at once: each builds in a directory of its own and moves it into
    place. Where nothing can be written the model is built in memory, at every start.

    Raises:
        EmbeddingUnavailable: the weights are damaged.
    """
    directory = None if models_directory is None else model_directory(models_directory, model_id)
    if directory is not None:
        try:
            return read_model(directory, model_id)
        except FileNotFoundError:
            pass
        except EmbeddingUnavailable as error:
            logger.warning("building the embedding model again: %s", error)
    files = _build(weights)
    if directory is not None:
        try:
            _keep(files, directory, model_id)
        except OSError as error:
            logger.warning("the embedding model is kept in memory only, %s: %s", directory, error)
    return files


def read_model(directory: Path, model_id: str) -> ModelFiles:
    """Read a built model and compare every byte with its manifest (26 MB, about 20 ms).

    Raises:
        FileNotFoundError: nothing was built there.
        EmbeddingUnavailable: what is there is incomplete, altered, or another model.
    """
    if not directory.is_dir():
        raise FileNotFoundError(directory)
    try:
        manifest = json.loads((directory / _MANIFEST).read_bytes())
        files = ModelFiles(
            encoder=(directory / _ENCODER).read_bytes(), tokenizer=(directory / _TOKENIZER).read_bytes()
        )
    except (OSError, ValueError) as error:
        raise EmbeddingUnavailable(reason=f"the model in {directory} cannot be read ({error})") from error
    if manifest != _manifest(files, model_id):
        raise EmbeddingUnavailable(reason=f"the model in {directory} does not match its manifest")
    return files


def check_model(models_directory: Path, model_id: str, weights_path: Path) -> list[str]:
    """Sentences for `kb doctor` on what is wrong with the weights and the built model; none when all is well.

    A model that was not built yet is no fault.
    """
    faults: list[str] = []
    try:
        check_weights(weights_path)
    except EmbeddingUnavailable as error:
        faults.append(str(error))
    directory = model_directory(models_directory, model_id)
    try:
        read_model(directory, model_id)
    except FileNotFoundError:
        pass
    except EmbeddingUnavailable as error:
        faults.append(f"{error} Delete {directory}; the next start builds it again.")
    return faults


def _build(weights: E5Weights) -> ModelFiles:
    # Imported here: onnx (20 MB) and protobuf are needed only while the model is built.
    from search.embedding.e5_graph import build_encoder
    from search.embedding.e5_tokenizer import build_tokenizer

    began = time.monotonic()
    check_weights(weights.path)
    files = ModelFiles(encoder=build_encoder(weights), tokenizer=build_tokenizer(weights.pieces()))
    logger.info("built the embedding model in %.1f s", time.monotonic() - began)
    return files


def _keep(files: ModelFiles, directory: Path, model_id: str) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{directory.name}-", dir=directory.parent) as scratch:
        made = Path(scratch) / "new"
        made.mkdir()
        _write(made / _ENCODER, files.encoder)
        _write(made / _TOKENIZER, files.tokenizer)
        _write(made / _MANIFEST, json.dumps(_manifest(files, model_id), indent=1).encode())
        if directory.exists():
            # Only a model found unusable is replaced; another process may have done so just now.
            try:
                read_model(directory, model_id)
                return
            except (FileNotFoundError, EmbeddingUnavailable):
                _move_aside(directory, Path(scratch) / "old")
        try:
            made.rename(directory)
        except OSError:
            # Another process was faster. Its files serve as well as ours, unless they are not there.
            if not directory.is_dir():
                raise


def _move_aside(directory: Path, target: Path) -> None:
    try:
        directory.rename(target)
    except FileNotFoundError:
        return
    shutil.rmtree(target)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _manifest(files: ModelFiles, model_id: str) -> dict[str, str]:
    return {
        "model": model_id,
        "weights_sha256": WEIGHTS_SHA256,
        "encoder_sha256": hashlib.sha256(files.encoder).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(files.tokenizer).hexdigest(),
    }
