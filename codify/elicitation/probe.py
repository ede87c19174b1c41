"""Which question an author is asked next, if any, and how it is worded."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from codify.elicitation.detect import Detector, detect
from codify.elicitation.element import Element
from codify.elicitation.saying import Saying, saying_of
from codify.elicitation.telling import PastProbe, Telling, telling_of
from kb.vocabulary import Language

DIRECTORY = Path(__file__).with_name("wordings")

#: Probes put to one author about one note, skipped ones among them: an interview of five minutes.
MOST_PROBES = 5

#: The order of the Critical Decision Method's sweeps (Hoffman, Crandall & Shadbolt 1998): first the incident
#: and what was done, without which nothing can be found or used; then, deepening, the cues and why; last the
#: what-ifs: where it would not hold, and what somebody with less experience would do, which applied cognitive
#: task analysis (Militello & Hutton 1998) asks for as well.
ORDER = (
    Element.SITUATION,
    Element.ACTION,
    Element.CUE,
    Element.REASON,
    Element.BOUNDARY,
    Element.NOVICE_ERROR,
)

#: What a probe may refer to, the best first.
_ANCHORS: dict[Element, tuple[Element, ...]] = {
    Element.SITUATION: (Element.ACTION, Element.CUE),
    Element.ACTION: (Element.CUE, Element.SITUATION),
    Element.CUE: (Element.ACTION, Element.SITUATION),
    Element.REASON: (Element.ACTION, Element.CUE),
    Element.BOUNDARY: (Element.ACTION, Element.CUE),
    Element.NOVICE_ERROR: (Element.ACTION, Element.SITUATION, Element.CUE),
}
_PERSIAN = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Probe:
    """One question for the author.

    Attributes:
        about: the element it refers to, None where it is worded in general.
        quote: the author's words that it repeats, as they stand in the note; empty where it repeats none.
    """

    element: Element
    text: str
    language: Language
    about: Element | None
    quote: str


def next_probe(
    text: str,
    past: Sequence[PastProbe] = (),
    *,
    note_id: str,
    language: Language,
    most: int = MOST_PROBES,
    detector: Detector = detect,
) -> Probe | None:
    """The one question to ask next, or None where there is none.

    The first element of `ORDER` that neither the note nor an answer shows and that was not asked before is
    asked for: skipped or not, nothing is asked twice. It ends when all six are there, when nothing is left
    that was not asked, or after `most` probes.

    The wording is in the author's language (the letters of the note decide, `language` where they do not) and
    refers to the author's own action, cue or situation where a clause of it can be said back. Equal input
    gives the equal question; among several wordings the note's id chooses.
    """
    telling = telling_of(text, past, detector=detector)
    element = next_element(telling, past, most=most)
    if element is None:
        return None
    return word_probe(element, text, past, telling=telling, note_id=note_id, language=language)


def next_element(telling: Telling, past: Sequence[PastProbe], *, most: int = MOST_PROBES) -> Element | None:
    """The element to ask for; None where the interview is over."""
    if len(past) >= most:
        return None
    asked = {probe.element for probe in past}
    return next((one for one in ORDER if one not in telling.present and one not in asked), None)


def word_probe(
    element: Element,
    text: str,
    past: Sequence[PastProbe] = (),
    *,
    telling: Telling,
    note_id: str,
    language: Language,
) -> Probe:
    """A question for `element` about what the author said, in the note or in an answer."""
    language = language_of(text, language)
    wordings = _wordings(language)[element.value]
    texts: dict[int | None, str] = {None: text}
    texts.update((number, probe.answer or "") for number, probe in enumerate(past))
    for about in _ANCHORS[element]:
        saying = _saying(telling, texts, about)
        if saying is None or language_of(saying.quote, language) is not language:
            continue
        if saying.said is not None and (forms := wordings.get(f"{about.value}_said")):
            said = _chosen(forms, note_id, element).format(said=saying.said)
            return Probe(element, said, language, about, saying.quote)
        if forms := wordings.get(f"{about.value}_quote"):
            quoted = _chosen(forms, note_id, element).format(quote=saying.quote)
            return Probe(element, quoted, language, about, saying.quote)
    return Probe(element, _chosen(wordings["plain"], note_id, element), language, None, "")


def language_of(text: str, default: Language) -> Language:
    """The language that most letters of `text` are of; `default` where neither leads."""
    persian, latin = len(_PERSIAN.findall(text)), len(_LATIN.findall(text))
    if persian == latin:
        return default
    return Language.PERSIAN if persian > latin else Language.ENGLISH


def _saying(telling: Telling, texts: Mapping[int | None, str], about: Element) -> Saying | None:
    """A clause that can be said back, of the surest evidence; those with `said` go first."""
    found = [one for one in telling.found if one.evidence.element is about]
    found.sort(key=lambda one: -one.evidence.strength)
    sayings = [saying_of(texts[one.probe], one.evidence) for one in found]
    usable = [saying for saying in sayings if saying is not None]
    return next((saying for saying in usable if saying.said), usable[0] if usable else None)


def _chosen(forms: Sequence[str], note_id: str, element: Element) -> str:
    digest = hashlib.sha256(f"{note_id} {element}".encode()).digest()
    return forms[int.from_bytes(digest[:4], "big") % len(forms)]


@lru_cache(maxsize=2)
def _wordings(language: Language) -> dict[str, dict[str, list[str]]]:
    text = (DIRECTORY / f"{language}.yml").read_text("utf-8")
    raw: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return raw
