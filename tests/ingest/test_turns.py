"""Transcripts in the forms they are exported in."""

import json

import pytest

from ingest.turns import Transcript, Turn, conversation_passages, conversation_text, read_transcripts
from kb.conversion import EmptyDocument, UnreadableDocument
from kb.vocabulary import Speaker


def read(text: str, name: str = "chat.txt") -> Transcript:
    (transcript,) = read_transcripts(text.encode(), filename=name)
    return transcript


def said(transcript: Transcript) -> list[tuple[Speaker, str]]:
    return [(turn.speaker, turn.text) for turn in transcript.turns]


def test_persian_labels_name_the_parties_and_open_lines_continue() -> None:
    text = "مشتری: سلام، سفارشم نرسید\nکد: ۱۲۳\n\nپشتیبان (10:02): پیگیری می‌کنم\n[10:03] مشتری: ممنون"
    assert said(read(text)) == [
        (Speaker.CUSTOMER, "سلام، سفارشم نرسید\nکد: ۱۲۳"),
        (Speaker.AGENT, "پیگیری می‌کنم"),
        (Speaker.CUSTOMER, "ممنون"),
    ]


def test_a_named_agent_is_known_by_one_word_and_the_other_party_follows() -> None:
    text = "پشتیبان سارا: بفرمایید\nرضا: رمزم را گم کردم\nرضا: چه کنم؟"
    transcript = read(text)
    assert [turn.speaker for turn in transcript.turns] == [Speaker.AGENT, Speaker.CUSTOMER, Speaker.CUSTOMER]
    assert transcript.turns[1].name == "رضا"


def test_where_no_label_is_known_the_first_to_speak_asks() -> None:
    text = "Bob: my card is lost\nAnn: I will block it\nBob: thanks\nAnn: done"
    assert [turn.speaker for turn in read(text).turns] == [Speaker.CUSTOMER, Speaker.AGENT] * 2


def test_json_lines_are_one_conversation_each() -> None:
    lines = [
        {"id": "c1", "turns": [{"speaker": "customer", "text": "الو"}, {"speaker": "agent", "text": "بله"}]},
        {"id": "c2", "turns": [["User", "hi"], ["Wizard", "hello"]], "meta": {"channel": "chat"}},
    ]
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    first, second = read_transcripts(data, filename="calls.jsonl")
    assert (first.key, said(first)) == ("c1", [(Speaker.CUSTOMER, "الو"), (Speaker.AGENT, "بله")])
    assert (second.metadata, said(second)[1]) == ({"channel": "chat"}, (Speaker.AGENT, "hello"))


@pytest.mark.parametrize(
    "value",
    [
        [{"speaker": "customer", "text": "a"}, {"speaker": "agent", "text": "b"}],
        {"turns": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
        [{"messages": [{"from": "مشتری", "message": "a"}, {"from": "اپراتور", "message": "b"}]}],
    ],
)
def test_the_usual_json_shapes_are_read(value: object) -> None:
    assert said(read(json.dumps(value), "x.json")) == [(Speaker.CUSTOMER, "a"), (Speaker.AGENT, "b")]


def test_captions_with_speakers_are_turns() -> None:
    vtt = (
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Agent>Hello\n\n00:01.000 --> 00:02.000\nCustomer: My order?\n"
    )
    assert said(read(vtt, "call.vtt")) == [(Speaker.AGENT, "Hello"), (Speaker.CUSTOMER, "My order?")]


def test_text_without_speakers_says_what_is_missing() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read("just a story without any speaker")
    assert "Customer:" in caught.value.data["reason"]
    with pytest.raises(UnreadableDocument):
        read('{"broken": ', "x.json")
    with pytest.raises(EmptyDocument):
        read(" \n ")


def test_windows_of_turns_tile_the_conversation_and_cut_none() -> None:
    turns = [
        Turn(Speaker.CUSTOMER if n % 2 else Speaker.AGENT, f"این پیام شمارهٔ {n} است و چند کلمه دارد. " * 3)
        for n in range(30)
    ]
    text = conversation_text(turns)
    passages = conversation_passages(turns)
    assert "".join(passage.text for passage in passages) == text.text
    assert len(passages) > 3
    starts = {block.start for block in text.blocks}
    assert all(passage.start in starts for passage in passages)
