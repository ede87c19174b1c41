"""Every peer that is installed keeps one contract: it ranks documents for a bag of words."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bench.dataset import Entry
from bench.peers.catalogue import PEERS, Candidate
from bench.peers.embedded import embed_corpus
from bench.peers.peer import Peer, Setup, Unavailable
from kb.vocabulary import Language

ENTRIES = [
    Entry("refund", "برگشت پول", "پول تا پنج روز کاری به کارت برمی‌گردد."),
    Entry("post/delivery", "ارسال", "بسته به تهران یک روزه و به شهرستان سه روزه می‌رسد."),
    Entry("warranty", "Warranty", "The warranty of a phone lasts eighteen months."),
    Entry("untitled", "", "برای تغییر رمز عبور، پیامک تأیید لازم است."),
]


def _has_jar() -> bool:
    from bench.peers.lucene import find_jar

    try:
        return find_jar().is_file()
    except Unavailable:
        return False


#: the extra `peers` is not part of the development packages: what it brings is tried where it is installed
INSTALLED = [
    name
    for name, peer in PEERS.items()
    if name != "postgres" and not peer.missing() and (name != "lucene" or _has_jar())
]


@pytest.fixture
def setup(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    monkeypatch.setenv("KB_MODELS_DIR", str(models_dir))
    own = tmp_path / "own"
    own.mkdir()
    return Setup(own, Language.PERSIAN, vectors=tmp_path / "vectors.npz")


def _check(peer: Peer) -> None:
    peer.build(ENTRIES)
    assert peer.search("شهرستان", 10)[0] == "post/delivery"
    assert peer.search("how many months is the warranty", 10)[0] == "warranty"
    assert peer.search("رمز عبور", 10)[0] == "untitled"
    assert len(peer.search("پول کارت شهرستان warranty رمز", 2)) == 2
    assert set(peer.search('NOT "months AND (warranty* OR ^ -x: [~', 10)) <= {entry.id for entry in ENTRIES}


@pytest.mark.parametrize("name", INSTALLED)
def test_an_installed_peer_finds_the_document_whatever_else_the_query_holds(name: str, setup: Setup) -> None:
    if PEERS[name].takes_vectors:
        assert setup.vectors is not None
        embed_corpus(ENTRIES, setup.vectors)
    _check(PEERS[name].open(setup))


@pytest.mark.postgres
def test_postgresql_finds_the_document_and_leaves_nothing_behind(
    setup: Setup, empty_postgres_url: str
) -> None:
    _check(PEERS["postgres"].open(replace(setup, postgres=empty_postgres_url)))
    with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as connection:
        kept = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert kept == (0,)


def test_a_peer_without_its_server_says_what_is_lacking(setup: Setup) -> None:
    with pytest.raises(Unavailable, match="--postgres"):
        PEERS["postgres"].open(setup)


def test_modules_that_are_not_there_are_named() -> None:
    needs = ("json", "no_such_module", "no_such.package")
    assert Candidate("x", "X", "sqlite:SqliteFts", needs).missing() == ["no_such_module", "no_such.package"]


def test_a_query_without_a_word_finds_nothing_in_full_text(setup: Setup) -> None:
    for name in ("fts5-unicode61", "fts5-trigram"):
        own = setup.directory / name
        own.mkdir()
        peer = PEERS[name].open(Setup(own, Language.PERSIAN))
        peer.build(ENTRIES)
        assert peer.search("؟! ...", 10) == []
