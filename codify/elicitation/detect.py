"""Find the elements of a told experience in a text: rules and signals first, then a table of weights.

Where an embedder is at hand, what each clause means is weighed as well (`detector_with`).
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from codify.elicitation.clauses import Clause, cut_clauses
from codify.elicitation.element import Detection, Element, Evidence
from codify.elicitation.features import Features, features_of
from codify.elicitation.firing import Fired, fire, surface
from codify.elicitation.meaning import Floats, clause_vectors
from codify.elicitation.model import LABELS, Model, load_meaning_model, load_model
from codify.elicitation.rules import Rule, load_rules
from codify.elicitation.words import Worded, read_words
from kb.errors import KbError
from kb.vocabulary import Language
from search.embedding.e5_adapter import Adapter
from search.embedding.protocol import PartsEmbedder

logger = logging.getLogger(__name__)

#: From a text to the elements it tells.
Detector = Callable[[str], Detection]
#: An author's note is read again at every turn of the interview.
_REMEMBERED = 256

_PERSIAN = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile("[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Observed:
    """A text with everything that the model reads of it.

    Attributes:
        vectors: [clauses, dimension], what each clause means; None where no embedder was asked.
    """

    worded: Worded
    clauses: tuple[Clause, ...]
    fired: tuple[Fired, ...]
    features: tuple[Features, ...]
    vectors: Floats | None = None


def observe(text: str, *, embedder: PartsEmbedder | None = None, adapter: Adapter | None = None) -> Observed:
    """Words, clauses, fired rules and features of `text`.

    Persian and English rules are read according to the letters of the text, so that mixed text needs no word
    about its language.

    Raises:
        EmbeddingUnavailable: the embedder's model cannot be loaded.
    """
    worded = read_words(text)
    clauses = cut_clauses(worded)
    fired = fire(worded, clauses, rules_for(text))
    vectors = clause_vectors(embedder, worded, clauses, adapter) if embedder and clauses else None
    return Observed(worded, tuple(clauses), tuple(fired), tuple(features_of(worded, clauses, fired)), vectors)


def detect(text: str, *, model: Model | None = None) -> Detection:
    """The elements that `text` tells, each with the spans that show it, in reading order.

    Args:
        model: the package's own if None.
    """
    return detect_in(observe(text), model or load_model())


def detector_with(embedder: object) -> Detector:
    """The best detector that `embedder` allows: `detect` unless it embeds parts of a text.

    Texts read lately are remembered. Where the model cannot be loaded, rules read alone.
    """
    if not isinstance(embedder, PartsEmbedder):
        return detect

    @lru_cache(maxsize=_REMEMBERED)
    def detect_meaning(text: str) -> Detection:
        model = load_meaning_model()
        adapter = model.meaning.adapter if model.meaning else None
        return detect_in(observe(text, embedder=embedder, adapter=adapter), model)

    def detector(text: str) -> Detection:
        try:
            return detect_meaning(text)
        except KbError as error:
            logger.warning("notes are read by rules alone: %s", error)
            return detect(text)

    return detector


def detect_in(observed: Observed, model: Model) -> Detection:
    """The elements of a text that was observed before."""
    sentences = [clause.sentence for clause in observed.clauses]
    chances = model.chances(observed.features, sentences, observed.vectors)
    found: list[Evidence] = []
    for number, element in enumerate(LABELS):
        if element is None:
            continue
        own = [chance[number] for chance in chances]
        for first, last in _runs(observed.clauses, [chance >= model.thresholds[number] for chance in own]):
            strength = max(own[first : last + 1])
            found.append(_join(element, observed, (first, last), strength, model))
    return Detection(tuple(sorted(found, key=lambda one: (one.start, one.end, one.element))))


def rules_for(text: str) -> tuple[Rule, ...]:
    """Rules of the languages whose letters the text holds."""
    rules: tuple[Rule, ...] = ()
    if _PERSIAN.search(text):
        rules += load_rules(Language.PERSIAN)
    if _LATIN.search(text):
        rules += load_rules(Language.ENGLISH)
    return rules


def _runs(clauses: Sequence[Clause], present: Sequence[bool]) -> list[tuple[int, int]]:
    """Inclusive runs of neighbouring clauses of one sentence that show the element."""
    runs: list[tuple[int, int]] = []
    for at, shown in enumerate(present):
        if not shown:
            continue
        if runs and runs[-1][1] == at - 1 and clauses[at - 1].sentence == clauses[at].sentence:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _join(
    element: Element, observed: Observed, run: tuple[int, int], strength: float, model: Model
) -> Evidence:
    words, clauses = observed.worded.words, observed.clauses
    start, end = clauses[run[0]].span(words)[0], clauses[run[1]].span(words)[1]
    own = [one for one in observed.fired if one.rule.element is element]
    own = sorted(
        (one for one in own if one.first <= run[1] and one.last >= run[0]),
        key=lambda one: (-model.weights.get(one.rule.feature, (0.0,) * 7)[LABELS.index(element)], one.words),
    )
    at = surface(words, own[0].words) if own else (start, end)
    rules = tuple(dict.fromkeys(one.rule.id for one in own)) or _telling(element, observed, run, model)
    return Evidence(element, start, end, rules, round(strength, 3), (max(start, at[0]), min(end, at[1])))


def _telling(element: Element, observed: Observed, run: tuple[int, int], model: Model) -> tuple[str, ...]:
    """What speaks most for the element where no rule of it fired: a clause it is like, three features."""
    number = LABELS.index(element)
    names = {name for at in range(run[0], run[1] + 1) for name in observed.features[at]}
    weighed = sorted(
        ((weights[number] - weights[0], name) for name in names if (weights := model.weights.get(name))),
        reverse=True,
    )
    telling = tuple(name for weight, name in weighed[:3] if weight > 0)
    return (*_alike(element, observed, run, model), *telling)


def _alike(element: Element, observed: Observed, run: tuple[int, int], model: Model) -> tuple[str, ...]:
    """The labelled clause that a run is most like, where what it means speaks for the element."""
    if model.meaning is None or observed.vectors is None:
        return ()
    scores = model.meaning.scores(observed.vectors)
    gains = (scores[:, LABELS.index(element)] - scores[:, 0])[run[0] : run[1] + 1]
    best = int(gains.argmax())
    alike = observed.vectors[run[0] + best]
    exemplar = model.meaning.nearest(element, alike) if gains[best] > 0 else None
    return () if exemplar is None else (f"like: {exemplar.text}",)
