"""Words as bytes, lists of them, and who may see which."""

from hypothesis import given
from hypothesis import strategies as st

from search.readers import group_bits
from search.repair import Kind, Repair
from search.repair.corpus import CorpusWords, WordCounts
from search.repair.letters import LATIN, LONGEST, PERSIAN, decode, encode
from search.repair.lexis import english_words, persian_words
from search.repair.wordlist import NO_WORDS, WordList

PUBLIC, STAFF = group_bits(("public",)), group_bits(("public", "internal"))


def counted(*passages: tuple[str, str, str]) -> WordCounts:
    words = WordCounts()
    for edition_id, audience, text in passages:
        words.add(edition_id, audience, [code for word in text.split() if (code := encode(word))])
    return words


@given(st.text(alphabet=PERSIAN + LATIN, min_size=1, max_size=LONGEST))
def test_encoded_words_decode_to_the_same(word: str) -> None:
    code = encode(word)
    assert code is not None
    assert len(code) == len(word)
    assert decode(code) == word


def test_other_letters_and_overlong_words_are_not_encoded() -> None:
    assert [encode(word) for word in ("", "آب", "a1", "é", "ا" * (LONGEST + 1))] == [None] * 5


def test_a_list_knows_its_words_and_their_classes() -> None:
    words = WordList.of({"سلام": 3.0, "hello": 5.0, "no way": 1.0})
    assert [words.class_of(word) for word in ("سلام", "hello", "no way", "سلا")] == [3.0, 5.0, -1.0, -1.0]
    assert "سلام" not in NO_WORDS


def test_the_shipped_lists_hold_dictionary_words_and_verb_forms() -> None:
    assert all(word in persian_words() for word in ("سفارش", "میخوام", "نمیکنه", "بگیرید", "و", "هستم"))
    assert all(word in english_words() for word in ("refund", "password", "dont"))


def test_words_are_visible_to_the_audiences_of_their_passages() -> None:
    words = CorpusWords().adding(counted(("1", "public", "سلام کارت"), ("2", "internal", "سقف کارت")))
    assert "سقف" not in words.visible(PUBLIC)
    assert "سقف" in words.visible(STAFF)
    assert words.visible(STAFF).class_of("کارت") > words.visible(PUBLIC).class_of("کارت") > 0
    assert len(words.visible(0)) == 0


def test_adding_bit_by_bit_is_adding_at_once() -> None:
    passages = [("1", "public", "سلام کارت"), ("2", "internal", "سقف کارت"), ("3", "public", "سلام")]
    once = CorpusWords().adding(counted(*passages))
    slowly = CorpusWords()
    for passage in passages:
        slowly = slowly.adding(counted(passage))
    for bits in (PUBLIC, STAFF):
        assert slowly.visible(bits).codes.tolist() == once.visible(bits).codes.tolist()
        assert slowly.visible(bits).classes.tolist() == once.visible(bits).classes.tolist()


def test_a_word_that_no_dictionary_has_needs_a_witness() -> None:
    passages = (("1", "public", "سلام"), ("2", "internal", "زرکوبانگ"), ("3", "public", "زرکوبانگ"))
    words = CorpusWords().adding(counted(*passages))
    repair = Repair("x", "سلام زرکوبانگ", (Kind.TYPO,), ("سلام", "زرکوبانگ"))
    assert words.witnesses(repair, ("public",)) == [["3"]]
    assert sorted(words.witnesses(repair, ("public", "internal"))[0]) == ["2", "3"]
    assert words.witnesses(repair, ("partner",)) == [[]]
    printed = ("می\u200cخواهم", "سفارشم", "زرکوبانگ\u200cها", "قزبیلتان")
    with_endings = Repair("x", " ".join(printed), (Kind.FINGLISH,), printed)
    assert words.witnesses(with_endings, ("public",)) == [["3"]]
