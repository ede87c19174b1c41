"""A large record made of the demo's sentences: real words and term counts, vectors near real ones.

Embedding 20,000 passages takes a quarter of an hour; what is measured on such a record (index, search,
memory) does not depend on where its vectors came from, so each passage gets the mean of its sentences'
real vectors plus seeded noise.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete

from kb.database import Database
from kb.edition import publish_edition, stage_edition
from kb.outbox import Job
from kb.passage import PassageDraft
from kb.source import store_source
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Language, OriginKind, PassageField
from search.analysis.sentences import sentences
from search.embedding import Embedder
from search.plain import plain
from search.terms import TermCounter, pack_counts
from workers.staging import text_hash_of

PASSAGES_PER_SOURCE = 10
#: of these, a title and two questions, as articles have them: what suggestions are made from
LINES_PER_SOURCE = (PassageField.TITLE, PassageField.ISSUE, PassageField.ISSUE)
WORDS_PER_LINE = 8
SENTENCES_PER_PASSAGE = (4, 8)
SOURCES_PER_TRANSACTION = 50
#: how far a passage's vector is moved from the mean of its sentences'
NOISE = 0.25


@dataclass(frozen=True, slots=True)
class Material:
    """Sentences of the demo and their vectors ([n, d] float32)."""

    sentences: tuple[str, ...]
    vectors: NDArray[np.float32]


def demo_sentences() -> list[str]:
    """The distinct sentences of the demo's articles, in order."""
    found: dict[str, None] = {}
    for language in ("fa", "en"):
        folder = resources.files("kb.demo") / "articles" / language
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            body = file.read_text(encoding="utf-8").split("---", 2)[-1]
            text = plain(body).text
            found.update((text[a:b], None) for a, b in sentences(text) if 25 <= b - a <= 300)
    return list(found)


def material(embedder: Embedder, *, limit: int = 600) -> Material:
    """Evenly chosen sentences with their vectors."""
    every = demo_sentences()
    chosen = [every[index * len(every) // limit] for index in range(limit)] if len(every) > limit else every
    return Material(tuple(chosen), embedder.embed_passages(chosen))


def fill(
    database: Database,
    *,
    passages: int,
    material: Material,
    embedder: Embedder,
    counter: TermCounter,
    seed: int = 7,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Make `passages` passages live, in sources of ten; the index is built of them when it is opened."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    noise = np.random.default_rng(seed)
    sources = passages // PASSAGES_PER_SOURCE
    for start in range(0, sources, SOURCES_PER_TRANSACTION):
        numbers = range(start, min(sources, start + SOURCES_PER_TRANSACTION))
        made = [(n, _drafts(n, chance, noise, material, embedder, counter)) for n in numbers]
        with database.transaction() as session:
            for number, drafts in made:
                text = "".join(draft.text for draft in drafts)
                source = store_source(
                    session,
                    caller=OPERATOR,
                    locator=f"synthetic:{number}",
                    filename=f"synthetic-{number}.txt",
                    data=text.encode(),
                    media_type="text/plain",
                    audience=Audience.PUBLIC if number % 4 else Audience.INTERNAL,
                ).source
                edition = stage_edition(
                    session,
                    origin_kind=OriginKind.SOURCE,
                    origin_id=source.id,
                    fingerprint=f"synthetic-{number}",
                    language=Language.PERSIAN,
                    title=drafts[0].text[:60],
                    embedder_id=embedder.model_id,
                    analyzer_id=counter.version,
                    passages=drafts,
                )
                publish_edition(session, edition_id=edition.id)
            # What these documents were to become is staged already: nothing is left for the worker.
            session.execute(delete(Job))
        progress(numbers[-1] + 1, sources)


def queries(count: int, *, seed: int = 11) -> list[str]:
    """Distinct questions of 4 to 10 consecutive words, as people type them."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    every = demo_sentences()
    found: dict[str, None] = {}
    while len(found) < count:
        words = chance.choice(every).split()
        length = chance.randint(4, 10)
        start = chance.randint(0, max(0, len(words) - length))
        found[" ".join(words[start : start + length])] = None
    return list(found)


def _drafts(
    number: int,
    chance: random.Random,
    noise: np.random.Generator,
    material: Material,
    embedder: Embedder,
    counter: TermCounter,
) -> Sequence[PassageDraft]:
    drafts, at = [], 0
    for ordinal in range(PASSAGES_PER_SOURCE):
        is_line = ordinal < len(LINES_PER_SOURCE)
        most = 1 if is_line else chance.randint(*SENTENCES_PER_PASSAGE)
        picked = chance.sample(range(len(material.sentences)), most)
        text = " ".join(material.sentences[i] for i in picked)
        text = " ".join(text.split()[:WORDS_PER_LINE]) if is_line else f"{text} کد {number}-{ordinal}.\n"
        mean = material.vectors[picked].mean(axis=0)
        vector = mean / np.linalg.norm(mean) + noise.normal(0, NOISE / np.sqrt(mean.size), mean.size)
        drafts.append(
            PassageDraft(
                field=LINES_PER_SOURCE[ordinal] if is_line else PassageField.BODY,
                start=0 if is_line else at,
                end=0 if is_line else at + len(text),
                heading_path=(),
                text=text,
                indexed_text=text,
                text_hash=text_hash_of(text),
                places=counter.places(text),
                vectors={
                    embedder.model_id: (vector / np.linalg.norm(vector)).astype("<f4").tobytes(),
                    counter.version: pack_counts(counter.count(text)),
                },
            )
        )
        at += 0 if is_line else len(text)
    return drafts
