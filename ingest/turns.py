"""Support transcripts in the forms they are exported in, as turns; and their passages."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.converters.subtitles import read_cues
from ingest.document import Block, BlockKind, Extracted, language_of
from ingest.media_type import MediaType
from ingest.passages import MAX_TOKENS, TARGET_TOKENS, Passage, split
from ingest.text import clean, decode, unify_newlines
from kb.conversion import EmptyDocument, UnreadableDocument
from kb.vocabulary import Speaker

_LABELS: Mapping[Speaker, frozenset[str]] = {
    Speaker.CUSTOMER: frozenset(
        [
            "مشتری",
            "کاربر",
            "خریدار",
            "متقاضی",
            "مراجع",
            "بازدیدکننده",
            "تماس\u200cگیرنده",
            "تماسگیرنده",
            "customer",
            "client",
            "user",
            "caller",
            "visitor",
            "requester",
            "buyer",
            "guest",
        ]
    ),
    Speaker.AGENT: frozenset(
        [
            "پشتیبان",
            "پشتیبانی",
            "کارشناس",
            "اپراتور",
            "پاسخگو",
            "پاسخ\u200cگو",
            "همکار",
            "فروشنده",
            "agent",
            "support",
            "operator",
            "representative",
            "rep",
            "advisor",
            "assistant",
            "specialist",
            "wizard",
            "staff",
            "helpdesk",
        ]
    ),
    Speaker.SYSTEM: frozenset(["سیستم", "سامانه", "ربات", "system", "bot", "knowledgebase", "notice"]),
}
# A label at the start of a line: at most four words, perhaps a time before it, then a colon.
_LINE = re.compile(
    r"^\s*(?:[\[(]?(?:\d{1,2}|[۰-۹]{1,2})[:٫][\d۰-۹:.]+[\])]?\s*[-–]?\s*)?"
    r"(?P<label>[^\W\d_][\w\u200c.'’ -]{0,40}?)\s*(?:[\[(](?P<time>[\d۰-۹:.]+)[\])])?\s*[:：]\s*(?P<text>.*)$"
)
_TEXT_KEYS = ("text", "utterance", "message", "content", "body")
_SPEAKER_KEYS = ("speaker", "role", "from", "author", "sender", "name")
_TURN_KEYS = ("turns", "messages", "utterances", "conversation", "dialogue", "events")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party said; `name` is the label as written."""

    speaker: Speaker
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation; `key` is the exporter's id, `metadata` its other JSON values."""

    turns: tuple[Turn, ...]
    key: str = ""
    title: str = ""
    metadata: Mapping[str, Any] | None = None


def read_transcripts(data: bytes, *, filename: str) -> tuple[Transcript, ...]:
    """The conversations of one exported file: JSON, JSON Lines, WebVTT/SubRip, or `Speaker: text` lines.

    Returns:
        Conversations in file order, each with at least one turn.
    Raises:
        EmptyDocument: no text.
        UnreadableDocument: no speaker can be told from the text.
    """
    text, _ = clean(unify_newlines(decode(data).text).removeprefix("\ufeff"))
    if not text.strip():
        raise EmptyDocument(filename=filename)
    if text.lstrip().startswith(("{", "[{")) or re.match(r"\s*\[\s*\{", text):
        transcripts = _from_json(text, filename)
    elif text.lstrip().startswith("WEBVTT") or re.search(r"^\s*[\d:.,]+\s*-->", text, re.MULTILINE):
        transcripts = _one([(cue.speaker, cue.text) for cue in _spoken(text)])
    else:
        transcripts = _one(_labelled_lines(text))
    transcripts = tuple(transcript for transcript in transcripts if transcript.turns)
    if not transcripts:
        raise UnreadableDocument(filename=filename, reason='no turns such as "Customer: ..." were found')
    return transcripts


def conversation_text(turns: Sequence[Turn]) -> Extracted:
    """A conversation as one text, a paragraph a turn; turns and blocks correspond one to one."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for turn in turns:
        line = f"{_LABEL_OF[turn.speaker][language_of(turn.text)]}: {turn.text}"
        blocks.append(Block(BlockKind.PARAGRAPH, position, position + len(line)))
        parts.append(line)
        position += len(line) + 1
    text = "\n".join(parts)
    return Extracted(text, tuple(blocks), "", MediaType.PLAIN, language_of(text))


def conversation_passages(
    turns: Sequence[Turn], *, target_tokens: int = TARGET_TOKENS, max_tokens: int = MAX_TOKENS
) -> tuple[Passage, ...]:
    """Windows of whole turns over `conversation_text(turns).text`; only a turn that does not fit is cut."""
    return split(conversation_text(turns), target_tokens=target_tokens, max_tokens=max_tokens)


_LABEL_OF = {
    Speaker.CUSTOMER: {"fa": "مشتری", "en": "Customer"},
    Speaker.AGENT: {"fa": "پشتیبان", "en": "Agent"},
    Speaker.SYSTEM: {"fa": "سامانه", "en": "System"},
}


def _from_json(text: str, filename: str) -> tuple[Transcript, ...]:
    try:
        records = [json.loads(text)]
    except ValueError:
        try:
            records = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise UnreadableDocument(filename=filename, reason=f"not valid JSON ({error})") from error
    if len(records) == 1 and isinstance(records[0], list):
        records = records[0]
    records = [record for record in records if isinstance(record, dict)]
    if records and not any(_turns_of(record) for record in records):
        return _one([_said(record) for record in records])
    return tuple(_transcript(record) for record in records)


def _transcript(record: dict[str, Any]) -> Transcript:
    metadata = record.get("meta") or record.get("metadata")
    said = [_said(turn) for turn in _turns_of(record)]
    return Transcript(
        _turns(said),
        key=str(record.get("id") or record.get("key") or ""),
        title=str(record.get("title") or record.get("subject") or ""),
        metadata=metadata if isinstance(metadata, dict) else None,
    )


def _turns_of(record: dict[str, Any]) -> list[Any]:
    for key in _TURN_KEYS:
        if isinstance(record.get(key), list):
            return list(record[key])
    return []


def _said(turn: Any) -> tuple[str, str]:
    """Label and words of one JSON turn, which is an object or a [speaker, text] pair."""
    if isinstance(turn, dict):
        text = next((turn[key] for key in _TEXT_KEYS if isinstance(turn.get(key), str)), "")
        label = next((turn[key] for key in _SPEAKER_KEYS if isinstance(turn.get(key), str)), "")
        return label, text
    if isinstance(turn, list) and len(turn) == 2 and all(isinstance(part, str) for part in turn):
        return turn[0], turn[1]
    return "", turn if isinstance(turn, str) else ""


def _spoken(text: str) -> list[Any]:
    """Captions whose speaker is marked, or named at the start of the words."""
    cues, _ = read_cues(text)
    return [cue if cue.speaker else _renamed(cue) for cue in cues]


def _renamed(cue: Any) -> Any:
    found = _LINE.match(cue.text)
    return (
        type(cue)(found.group("label"), found.group("text"))
        if found and _known(found.group("label"))
        else cue
    )


def _labelled_lines(text: str) -> list[tuple[str, str]]:
    """`Label: words` lines; lines without a label continue the turn before.

    A label counts when it is a known one or opens at least two lines: other colons belong to what was said.
    """
    matches = [_LINE.match(line) for line in text.split("\n")]
    counts: dict[str, int] = {}
    for found in matches:
        if found:
            label = found.group("label").strip()
            counts[label] = counts.get(label, 0) + 1
    said: list[tuple[str, str]] = []
    for line, found in zip(text.split("\n"), matches, strict=True):
        label = found.group("label").strip() if found else ""
        if found and (_known(label) is not None or counts[label] > 1):
            said.append((label, found.group("text")))
        elif line.strip() and said:
            said[-1] = (said[-1][0], f"{said[-1][1]}\n{line.strip()}".strip())
    return said


def _one(said: Sequence[tuple[str, str]]) -> tuple[Transcript, ...]:
    return (Transcript(_turns(said)),)


def _turns(said: Sequence[tuple[str, str]]) -> tuple[Turn, ...]:
    """Labels resolved to parties.

    Where one party is known by its label the unknown ones are the other; where none is, the first one asks.
    """
    said = [(label.strip(), clean(text)[0].strip()) for label, text in said]
    said = [(label, text) for label, text in said if text]
    if not any(label for label, _ in said):
        return ()
    known = {label: party for label, _ in said if (party := _known(label)) is not None}
    parties = set(known.values())
    asker = next((label for label, _ in said if label not in known), "")
    turns = []
    for label, text in said:
        party = known.get(label)
        if party is None and Speaker.CUSTOMER in parties:
            party = Speaker.AGENT
        elif party is None and Speaker.AGENT in parties:
            party = Speaker.CUSTOMER
        elif party is None:
            party = Speaker.CUSTOMER if label == asker else Speaker.AGENT
        turns.append(Turn(party, text, label))
    return tuple(turns)


def _known(label: str) -> Speaker | None:
    """The party that a label names by its first or last word (`Agent Sara`, `خانم رضایی، پشتیبان`)."""
    words = re.findall(r"[\w\u200c]+", label.casefold())
    for party, labels in _LABELS.items():
        if words and (words[0] in labels or words[-1] in labels):
            return party
    return None
