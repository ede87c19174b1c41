"""From notes or a conversation to the fields of an article draft, each with the spans it came from."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codify.elicitation.detect import Detector, detect
from codify.elicitation.element import Element, Evidence
from codify.elicitation.probe import language_of
from codify.elicitation.telling import ASKED, PastProbe, telling_of
from codify.elicitation.words import read_words
from kb.conversation import TurnDraft
from kb.vocabulary import Language, OriginKind, Speaker
from search.analysis.sentences import sentences

#: A title says what it is about at one glance.
TITLE_CHARS = 90
#: Lines of the requester's words that are taken over, each at most so long.
MOST_ISSUES, ISSUE_CHARS = 5, 200

_HEADINGS = {
    Language.PERSIAN: {
        Element.CUE: "از کجا بفهمید",
        Element.BOUNDARY: "کجا جواب نمی‌دهد",
        Element.NOVICE_ERROR: "اشتباه رایج",
    },
    Language.ENGLISH: {
        Element.CUE: "How to tell",
        Element.BOUNDARY: "When this does not hold",
        Element.NOVICE_ERROR: "Common mistake",
    },
}
#: Where spans overlap, the first of these keeps what it shares with the others.
_STRONGEST_FIRST = (
    Element.NOVICE_ERROR,
    Element.BOUNDARY,
    Element.REASON,
    Element.ACTION,
    Element.CUE,
    Element.SITUATION,
)
_QUOTED = re.compile('«([^«»\n]+)»|“([^“”\n]+)”|"([^"\n]+)"')
_LEADING = re.compile(
    r"^(?:(?:و|ولی|اما|پس|بعدش|سپس|خلاصه|and|but|so|then|also)[\s،,]+|[\s.,،؛;:!…\-–—)*#>+]+)+", re.IGNORECASE
)
_TRAILING = re.compile(r"[\s.,،؛;:…\-–—(]+$")
_GREETING = re.compile(
    r"^\W*(?:سلام|درود|وقت\s?بخیر|وقتتون بخیر|خسته نباشید|ممنون|مرسی|باشه|اوکی|بله|نه|آره|چشم|"
    r"hi|hello|hey|thanks|thank you|ok|okay|yes|no|bye|sure|great)\b[\s\W]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_CONDITION = re.compile(r"^(?:وقتی که|وقتی|اگه|اگر|هر وقت|هروقت|when|whenever|if)\s+", re.IGNORECASE)
_ASKS = re.compile("[?؟]")
_OPENING, _CLOSING = '«“"(', '»”")'
#: A part of a sentence that says less is no line of its own.
_LEAST_WORDS = 3
#: How sure a reading of a turn must be: turns are short, and most of them say nothing that lasts.
_SURE = 0.5
#: How far before a quotation its speaker may stand, in words.
_SPEAKER_WORDS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a part of a draft came from.

    Attributes:
        part: None for a note's own text, else the number from 0 of its past probe or of the turn.
        start, end: code points of that text, half-open.
    """

    origin_kind: OriginKind
    origin_id: str
    part: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DraftText:
    """One field or line, and the pieces it was made from, in its order."""

    text: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What an article could say; fields for which nothing was found are empty.

    Attributes:
        issue: the requester's words, one line each.
        resolution, cause: Markdown.
        origins: what it was made from, to be cited.
    """

    language: Language
    title: DraftText
    issue: tuple[DraftText, ...]
    environment: DraftText
    resolution: DraftText
    cause: DraftText
    origins: tuple[tuple[OriginKind, str], ...]


@dataclass(frozen=True, slots=True)
class ToldNote:
    """A note with what its author answered."""

    id: str
    text: str
    past: tuple[PastProbe, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """One text of an origin with what was found in it."""

    origin_kind: OriginKind
    origin_id: str
    part: int | None
    text: str
    evidence: tuple[Evidence, ...]
    #: whether the requester wrote it
    is_requester: bool = False

    def piece(self, start: int, end: int) -> Piece:
        return Piece(self.origin_kind, self.origin_id, self.part, start, end)


def draft_from_notes(
    notes: Sequence[ToldNote], *, language: Language, detector: Detector = detect
) -> ArticleDraft:
    """An article draft from one or several notes and the answers to their probes.

    Args:
        notes: at least one; their spans appear in this order.
        language: of the draft, where the letters of the notes do not tell.
    """
    said = [one for note in notes for one in _note_texts(note, detector)]
    return _draft(said, language_of("\n".join(one.text for one in said), language))


def draft_from_conversation(
    conversation_id: str, turns: Sequence[TurnDraft], *, language: Language
) -> ArticleDraft:
    """An article draft from a transcript: the customer's words are the issue, the agent's the rest."""
    said = []
    for number, turn in enumerate(turns):
        if turn.speaker is Speaker.SYSTEM:
            continue
        is_customer = turn.speaker is Speaker.CUSTOMER
        kept = tuple(
            one
            for one in detect(turn.text).evidence
            if (one.element is Element.SITUATION) == is_customer
            and one.strength >= _SURE
            and (is_customer or not _ASKS.search(turn.text[one.start : one.end + 2]))
        )
        said.append(
            _Said(OriginKind.CONVERSATION, conversation_id, number, turn.text, kept, is_requester=is_customer)
        )
    return _draft(said, language_of("\n".join(one.text for one in said), language))


def _note_texts(note: ToldNote, detector: Detector) -> Iterator[_Said]:
    """The note's text and its answers, each with the evidence in it."""
    telling = telling_of(note.text, note.past, detector=detector)
    texts = [(None, note.text), *((at, probe.answer) for at, probe in enumerate(note.past))]
    for part, text in texts:
        if text:
            evidence = tuple(one.evidence for one in telling.found if one.probe == part)
            yield _Said(OriginKind.NOTE, note.id, part, text, evidence)


def _draft(said: Sequence[_Said], language: Language) -> ArticleDraft:
    parts = {element: list(_spans(said, element)) for element in Element}
    issue = _issue(said)
    return ArticleDraft(
        language=language,
        title=_title(issue, parts[Element.SITUATION], said),
        issue=issue,
        environment=_lines(parts[Element.SITUATION]),
        resolution=_resolution(parts, language),
        cause=_lines(parts[Element.REASON]),
        origins=tuple(dict.fromkeys((one.origin_kind, one.origin_id) for one in said)),
    )


def _spans(said: Sequence[_Said], element: Element) -> Iterator[DraftText]:
    """What shows an element, without what a stronger one takes."""
    stronger = _STRONGEST_FIRST[: _STRONGEST_FIRST.index(element)]
    for one in said:
        taken = [(other.start, other.end) for other in one.evidence if other.element in stronger]
        for found in one.evidence:
            if found.element is not element:
                continue
            for left in _without((found.start, found.end), taken):
                start, end = _widened(one.text, *left)
                text = _tidy(one.text[start:end])
                if len(_WORD.findall(text)) >= _LEAST_WORDS or found.rules == (ASKED,):
                    yield DraftText(text, (one.piece(start, end),))


def _without(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a span without those that are taken, in order."""
    left = [span]
    for start, end in taken:
        cut = []
        for first, last in left:
            if end <= first or last <= start:
                cut.append((first, last))
                continue
            cut += [(low, high) for low, high in ((first, start), (end, last)) if low < high]
        left = cut
    return left


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the quotation marks and brackets that stand around its first and last words."""
    inner = text[start:end]
    if text[start - 1 : start] and text[start - 1] in _OPENING:
        start -= 1
    if text[end : end + 1] and text[end] in _CLOSING and any(mark in inner or start for mark in _OPENING):
        end += 1
    elif text[end : end + 2][1:] and text[end] in ".!?؟" and text[end + 1] in _CLOSING:
        end += 2
    return start, end


def _tidy(text: str) -> str:
    """One line without the connective it began with or marks at its ends."""
    return _TRAILING.sub("", _LEADING.sub("", " ".join(text.split())))


def _lines(texts: Sequence[DraftText]) -> DraftText:
    """Sentences side by side: one alone, or a list."""
    if len(texts) == 1:
        return DraftText(_sentence(texts[0].text), texts[0].pieces)
    joined = "\n".join(f"- {_sentence(one.text)}" for one in texts)
    return DraftText(joined, tuple(piece for one in texts for piece in one.pieces))


def _sentence(text: str) -> str:
    """With a capital, where there is one, and a full stop."""
    if not text:
        return text
    ended = text if text[-1] in '.!?؟…»”"' else f"{text}."
    return ended[0].upper() + ended[1:]


def _resolution(parts: dict[Element, list[DraftText]], language: Language) -> DraftText:
    """Steps first, then how to tell, when it does not hold, and the common mistake, under headings."""
    steps = parts[Element.ACTION]
    blocks = []
    if len(steps) == 1:
        blocks.append(_sentence(steps[0].text))
    elif steps:
        blocks.append(
            "\n".join(f"{number}. {_sentence(one.text)}" for number, one in enumerate(steps, start=1))
        )
    pieces = [piece for one in steps for piece in one.pieces]
    for element, heading in _HEADINGS[language].items():
        if parts[element]:
            lines = _lines(parts[element])
            blocks.append(f"## {heading}\n\n{lines.text}")
            pieces += lines.pieces
    return DraftText("\n\n".join(blocks), tuple(pieces))


def _issue(said: Sequence[_Said]) -> tuple[DraftText, ...]:
    """What the requester said: their own turns, or quotations of a note, else its situation."""
    lines: list[DraftText] = []
    for one in said:
        if one.is_requester:
            lines += _requested(one, is_first=not lines)
        elif one.origin_kind is OriginKind.NOTE:
            lines += _quoted(one)
    if not lines and all(one.origin_kind is OriginKind.NOTE for one in said):
        lines = [line for line in _spans(said, Element.SITUATION) if len(line.text) <= ISSUE_CHARS][:1]
    distinct = {line.text: line for line in reversed(lines)}
    return tuple(reversed(distinct.values()))[:MOST_ISSUES]


def _requested(one: _Said, *, is_first: bool) -> Iterator[DraftText]:
    """A customer's turn without its greeting: the first, then what tells a problem or asks."""
    greeting = _GREETING.match(one.text)
    start = greeting.end() if greeting else 0
    text = _TRAILING.sub("", " ".join(one.text[start:].split()))
    telling = is_first or one.evidence or _ASKS.search(text)
    if len(_WORD.findall(text)) >= _LEAST_WORDS and telling and len(text) <= ISSUE_CHARS:
        yield DraftText(text, (one.piece(start, len(one.text.rstrip())),))


def _quoted(one: _Said) -> Iterator[DraftText]:
    """Quotations that follow whoever came with the problem."""
    words = read_words(one.text).words
    for match in _QUOTED.finditer(one.text):
        group = next(number for number in (1, 2, 3) if match[number] is not None)
        start, end = match.span(group)
        before = [word for word in words if word.end <= match.start()][-_SPEAKER_WORDS:]
        text = _tidy(match[group])
        is_requesters = any("requester" in word.tags for word in before)
        if is_requesters and len(_WORD.findall(text)) >= _LEAST_WORDS and len(text) <= ISSUE_CHARS:
            yield DraftText(text, (one.piece(start, end),))


def _title(issue: Sequence[DraftText], situations: Sequence[DraftText], said: Sequence[_Said]) -> DraftText:
    """The first telling line of the issue, else of the situation, else the first words."""
    for lines in (issue, situations):
        for line in lines:
            text = _CONDITION.sub("", line.text)
            if len(_WORD.findall(text)) > _LEAST_WORDS and len(text) <= TITLE_CHARS:
                return DraftText(_sentence(text).rstrip("."), line.pieces)
    lines = [*issue, *situations] or [_opening(one) for one in said if one.text.strip()]
    if not lines:
        return DraftText("")
    return DraftText(_shortened(lines[0].text), lines[0].pieces)


def _opening(one: _Said) -> DraftText:
    """The first sentence of a text."""
    start, end = sentences(one.text)[0]
    return DraftText(_tidy(one.text[start:end]), (one.piece(start, end),))


def _shortened(text: str) -> str:
    """The first words of `text` that fit a title."""
    if len(text) <= TITLE_CHARS:
        return text
    cut = text[: TITLE_CHARS - 1].rsplit(" ", 1)[0]
    return f"{_TRAILING.sub('', cut)}…"
