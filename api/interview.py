"""An author's interview as it stands: what has been told, and the one question to ask next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codify.elicitation.detect import Detector
from codify.elicitation.probe import Probe, next_element, word_probe
from codify.elicitation.rewording import ProbeWriter
from codify.elicitation.telling import PastProbe, Telling, telling_of
from kb.note import Note, NoteAnswer
from kb.settings import Settings
from kb.vocabulary import Element, NoteState
from search.generate import make_generator

#: of these the author is still asked
_OPEN = {NoteState.DRAFT, NoteState.CAPTURED, NoteState.REJECTED}


@dataclass(frozen=True, slots=True)
class Interview:
    """What was told, and the next probe; None where nothing is left to ask, or nothing was told yet."""

    telling: Telling
    next_probe: Probe | None


def interview_of(
    note: Note,
    answers: Sequence[NoteAnswer],
    *,
    detector: Detector,
    writer: ProbeWriter | None = None,
) -> Interview:
    """The interview about `note` so far.

    Args:
        answers: in the order they were asked.
        writer: words the probe better than the rules, where it can; not while a transaction is open, as it
            may take its time.
    """
    past = past_probes(answers)
    telling = telling_of(note.text, past, detector=detector)
    element = None
    if note.state in _OPEN and note.text.strip():
        element = next_element(telling, past)
    if element is None:
        return Interview(telling, None)
    probe = _worded(note, past, telling, element)
    if writer is not None:
        probe = replace(probe, text=writer.reword(probe, note.text))
    return Interview(telling, probe)


def open_probe_writer(settings: Settings) -> ProbeWriter | None:
    """What words probes where the settings ask for it."""
    generator = make_generator(settings) if settings.llm_probes else None
    if generator is None:
        return None
    return ProbeWriter(generator, timeout_seconds=settings.llm_timeout_seconds)


def probe_for(note: Note, answers: Sequence[NoteAnswer], element: Element, *, detector: Detector) -> Probe:
    """The rules' question for one element, about what was said."""
    past = past_probes(answers)
    return _worded(note, past, telling_of(note.text, past, detector=detector), element)


def past_probes(answers: Sequence[NoteAnswer]) -> list[PastProbe]:
    """Answers as the rules read them."""
    return [PastProbe(answer.element, answer.text) for answer in answers]


def _worded(note: Note, past: Sequence[PastProbe], telling: Telling, element: Element) -> Probe:
    return word_probe(element, note.text, past, telling=telling, note_id=note.id, language=note.language)
