"""Which passages an article, a note, a conversation or a source has: pure, before anything is computed."""

from collections.abc import Sequence

from ingest.document import Extracted
from ingest.embedded import embedded_text
from ingest.markdown import blocks_of
from ingest.media import MediaType
from ingest.passages import split
from ingest.turns import Turn as SaidTurn
from ingest.turns import conversation_text
from kb.article import Article, ArticleRevision
from kb.article.composed import revision_text
from kb.conversation import Turn
from kb.vocabulary import Language, PassageField, Speaker
from workers.staging import PassageText

#: of a note or a conversation that has no title of its own
TITLE_WORDS = 12


def of_article(article: Article, revision: ArticleRevision) -> list[PassageText]:
    """Title and the requester's words as passages of their own, then the body's, which tile its text."""
    own = [_line(PassageField.TITLE, revision.title)]
    own += [_line(PassageField.ISSUE, line) for line in article.issue if line.strip()]
    return own + of_markdown(
        revision_text(revision, article.language), title=revision.title, language=article.language
    )


def of_queries(queries: Sequence[str]) -> list[PassageText]:
    """Learnt queries as passages of their own, which lead to their origin."""
    return [_line(PassageField.QUERY, query) for query in queries]


def note_title(text: str) -> str:
    """How a note is listed: its first words."""
    return _first_words(text)


def of_note(text: str, language: Language) -> list[PassageText]:
    """The note's words, with its answers (`kb.note.note_text`)."""
    return of_markdown(text, title="", language=language)


def of_markdown(text: str, *, title: str, language: Language) -> list[PassageText]:
    """The passages of a Markdown text, which tile it."""
    extracted = Extracted(
        text=text, blocks=blocks_of(text), title=title, media_type=MediaType.MARKDOWN, language=language
    )
    return of_extracted(extracted, title=title)


def of_source(extracted: Extracted, *, title: str) -> list[PassageText]:
    """The document's title, where it has one, as a passage of its own; then its body."""
    own = [_line(PassageField.TITLE, title)] if title.strip() else []
    return own + of_extracted(extracted, title=title)


def of_extracted(extracted: Extracted, *, title: str) -> list[PassageText]:
    """The body's passages, which tile the text but for stretches without a word: rules, metadata."""
    cut = ((passage, embedded_text(passage, title=title)) for passage in split(extracted))
    return [
        PassageText(PassageField.BODY, passage.start, passage.end, passage.heading_path, passage.text, words)
        for passage, words in cut
        if words
    ]


def conversation_title(outcome: str, turns: Sequence[Turn]) -> str:
    """How a conversation is listed: what came of it, else the customer's first words."""
    if len(outcome.split()) > 2:
        return outcome
    first = next((turn.text for turn in turns if turn.speaker is Speaker.CUSTOMER), "")
    return _first_words(first)


def of_conversation(turns: Sequence[Turn]) -> list[PassageText]:
    """Windows of whole turns, each turn a line `speaker: words`; only a turn that does not fit is cut."""
    said = [SaidTurn(turn.speaker, " ".join(turn.text.split())) for turn in turns]
    return of_extracted(conversation_text(said), title="")


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:TITLE_WORDS]) + (" …" if len(words) > TITLE_WORDS else "")


def _line(field: PassageField, text: str) -> PassageText:
    return PassageText(field=field, start=0, end=0, heading_path=(), text=text, indexed_text=text)
