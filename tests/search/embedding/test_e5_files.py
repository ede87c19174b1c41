"""The built model on disk: kept, checked, rebuilt, and done without where nothing can be written."""

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.errors import EmbeddingUnavailable
from search.embedding import E5Embedder
from search.embedding.e5 import MODEL_ID
from search.embedding.e5_files import check_model, load_or_build, model_directory, read_model
from search.embedding.e5_weights import E5Weights, check_weights, find_weights


@pytest.fixture
def built(tmp_path: Path, e5: E5Embedder, models_directory: Path) -> Path:
    """A data directory of its own with the model in it."""
    e5.warm_up()
    shutil.copytree(models_directory, tmp_path, dirs_exist_ok=True)
    return tmp_path


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_the_model_is_built_once_and_read_afterwards(built: Path) -> None:
    directory = model_directory(built, MODEL_ID)
    before = {path.name: path.stat().st_mtime_ns for path in directory.iterdir()}
    files = load_or_build(E5Weights(find_weights()), models_directory=built, model_id=MODEL_ID)
    assert {path.name: path.stat().st_mtime_ns for path in directory.iterdir()} == before
    assert files == read_model(directory, MODEL_ID)


def test_building_twice_gives_the_same_bytes(built: Path) -> None:
    again = load_or_build(E5Weights(find_weights()), models_directory=None, model_id=MODEL_ID)
    assert again == read_model(model_directory(built, MODEL_ID), MODEL_ID)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.model"])
def test_an_altered_file_is_noticed_and_the_model_built_again(
    built: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(model_directory(built, MODEL_ID) / name)
    with pytest.raises(EmbeddingUnavailable, match="does not match its manifest"):
        read_model(model_directory(built, MODEL_ID), MODEL_ID)
    with caplog.at_level(logging.WARNING):
        load_or_build(E5Weights(find_weights()), models_directory=built, model_id=MODEL_ID)
    assert "building the embedding model again" in caplog.text
    assert check_model(built, MODEL_ID, find_weights()) == []


@pytest.mark.parametrize("name", ["manifest.json", "encoder.onnx", "tokenizer.model"])
def test_a_missing_file_is_made_again(built: Path, name: str) -> None:
    (model_directory(built, MODEL_ID) / name).unlink()
    load_or_build(E5Weights(find_weights()), models_directory=built, model_id=MODEL_ID)
    assert (model_directory(built, MODEL_ID) / name).is_file()


def test_a_model_of_another_recipe_is_not_used(built: Path) -> None:
    directory = model_directory(built, MODEL_ID)
    manifest = json.loads((directory / "manifest.json").read_text())
    (directory / "manifest.json").write_text(json.dumps(manifest | {"model": "multilingual-e5-small/int8/0"}))
    with pytest.raises(EmbeddingUnavailable):
        read_model(directory, MODEL_ID)


def test_the_doctor_names_what_is_wrong(built: Path, tmp_path: Path) -> None:
    assert check_model(tmp_path / "empty", MODEL_ID, find_weights()) == []
    spoil(model_directory(built, MODEL_ID) / "encoder.onnx")
    (fault,) = check_model(built, MODEL_ID, find_weights())
    assert str(model_directory(built, MODEL_ID)) in fault


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    copy = tmp_path / "e5-small-q4.bin"
    copy.write_bytes(find_weights().read_bytes())
    check_weights(copy)
    spoil(copy)
    with pytest.raises(EmbeddingUnavailable, match="damaged"):
        check_weights(copy)
    with pytest.raises(EmbeddingUnavailable, match="damaged"):
        load_or_build(E5Weights(copy), models_directory=tmp_path, model_id=MODEL_ID)
    assert not model_directory(tmp_path, MODEL_ID).exists()


def test_a_file_that_is_not_the_model_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(EmbeddingUnavailable, match="not a packed multilingual-e5-small"):
        E5Weights(other)


def test_where_nothing_can_be_written_the_model_lives_in_memory(
    tmp_path: Path, e5: E5Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    # A file in the directory's place: permissions would not stop root, which tests may run as.
    (tmp_path / "models").write_text("in the way")
    embedder = E5Embedder(models_directory=tmp_path / "models", threads=1)
    with caplog.at_level(logging.WARNING):
        vector = embedder.embed_query("سلام")
    assert "kept in memory only" in caplog.text
    assert np.array_equal(vector, e5.embed_query("سلام"))


RACE = """
import sys
from pathlib import Path
from search.embedding import E5Embedder
E5Embedder(models_directory=Path(sys.argv[1])).warm_up()
"""


@pytest.mark.parametrize("damaged", [False, True])
def test_processes_that_start_at_once_all_get_the_model(built: Path, damaged: bool) -> None:
    directory = model_directory(built, MODEL_ID)
    if damaged:
        spoil(directory / "encoder.onnx")
    else:
        shutil.rmtree(directory)
    command = [sys.executable, "-c", RACE, str(built)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors.decode()
    read_model(directory, MODEL_ID)
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]
