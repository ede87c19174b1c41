"""WebVTT, SubRip and SBV captions: the words, joined to sentences; times go."""

import html
import re
from dataclasses import dataclass

from ingest.document import Extracted
from ingest.received import Received
from ingest.text import unify_newlines
from kb.conversion import UnreadableDocument

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMES = re.compile(rf"^\s*{_TIME}\s*(?:-->|,)\s*{_TIME}")
_BROKEN_TIMES = re.compile(r"^[\s\d:.,]*-->[\s\d:.,\w%-]*$|^[\d:.]{6,},?[\d:.,]*$")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>]*>|\{\\[^}]*\}")
_HEAD = re.compile(r"^(?:WEBVTT|NOTE|STYLE|REGION)\b")
_NUMBER = re.compile(r"^\s*\d+\s*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: who speaks (empty when unnamed) and the words."""

    speaker: str
    text: str


def convert(received: Received) -> Extracted:
    """Read the captions that can be read; what has no usable time line is counted in a notice.

    Raises:
        UnreadableDocument: no caption at all.
    """
    text, notices = received.text()
    cues, malformed = read_cues(text)
    if not cues and malformed:
        raise UnreadableDocument(
            filename=received.filename, reason="it has no captions with a time line and text"
        )
    writer = received.writer()
    writer.notices.extend(notices)
    if malformed:
        writer.notice("malformed_cues", count=malformed)
    for speaker, words in _paragraphs(cues):
        writer.paragraph(f"{speaker}: {words}" if speaker else words)
    return writer.finish()


def read_cues(text: str) -> tuple[list[Cue], int]:
    """The captions in file order, and how many blocks had a broken time line or none."""
    cues: list[Cue] = []
    malformed = 0
    for block in re.split(r"\n\s*\n", unify_newlines(text).removeprefix("\ufeff").strip()):
        lines = [line for line in block.split("\n") if line.strip()]
        if not lines or (_HEAD.match(lines[0]) and not any(_TIMES.match(line) for line in lines)):
            continue
        timed = next((i for i, line in enumerate(lines) if _TIMES.match(line)), None)
        if timed is None:
            malformed += 1
            lines = [line for line in lines if not _BROKEN_TIMES.match(line) and not _NUMBER.match(line)]
            if not cues or len(lines) == 0:
                continue
            words = lines
        else:
            words = lines[timed + 1 :]
        malformed += not words
        cue = _cue("\n".join(words))
        if cue.text:
            cues.append(cue)
    return cues, malformed


def _cue(raw: str) -> Cue:
    voice = _VOICE.search(raw)
    text = html.unescape(_TAG.sub("", _VOICE.sub("", raw)))
    return Cue(voice.group(1).strip() if voice else "", re.sub(r"\s+", " ", text).strip())


def _paragraphs(cues: list[Cue]) -> list[tuple[str, str]]:
    """Captions of one speaker joined until a sentence ends; repeats of rolling captions go."""
    joined: list[tuple[str, str]] = []
    for cue in cues:
        if joined and joined[-1][0] == cue.speaker:
            speaker, words = joined[-1]
            if words.endswith(cue.text):
                continue
            if not words.endswith((".", "!", "?", "؟", "…")) or len(words) < 300:
                joined[-1] = (speaker, f"{words} {cue.text}")
                continue
        joined.append((cue.speaker, cue.text))
    return joined
