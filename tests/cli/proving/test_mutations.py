"""The prover proves something: each guard of the product, taken away, is a leak that it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import literal, true

import api.dependencies
import api.permissions
import api.release_checks
import api.routes.checks
import api.routes.jobs
import api.routes.sources
import api.web.narrowing
import kb.article.read
import kb.article.upkeep
import kb.audit
import kb.finding
import kb.flag
import kb.idempotency
import kb.note.read
import kb.user.read
import search.find
import search.suggest
from cli.proving.base import Base
from cli.proving.prove import Proof, prove
from kb.canonical import sha256_of
from kb.errors import Forbidden, NotFound
from kb.visibility import EVERYTHING
from search.readers import GROUPS

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Mutation:
    """A guard that is taken away, and who then sees something through which surfaces."""

    name: str
    take_away: Callable[[Patch, Base], None]
    surfaces: tuple[str, ...]
    askers: tuple[str, ...] = ("visitor",)


def _everything(function: Callable[..., Any], parameter: str = "visibility") -> Callable[..., Any]:
    """`function`, told that everything may be seen."""

    def told(*given: Any, **named: Any) -> Any:
        return function(*given, **(named | {parameter: EVERYTHING}))

    return told


def _no_visibility(patch: Patch, _base: Base) -> None:
    patch.setattr(api.dependencies, "visibility_of", lambda *_a, **_k: EVERYTHING)


def _no_confirmation(patch: Patch, _base: Base) -> None:
    select, reading = search.find.select_visible, search.find.Reading
    patch.setattr(search.find, "select_visible", lambda _sight, filters: select(EVERYTHING, filters))
    patch.setattr(
        search.find, "Reading", lambda session, passages, _sight: reading(session, passages, EVERYTHING)
    )


def _suggestions_unfiltered(patch: Patch, _base: Base) -> None:
    patch.setattr(search.suggest.Suggester, "_confirmed", lambda _self, lines, _visibility: list(lines))


def _facets_unfiltered(patch: Patch, _base: Base) -> None:
    real = api.web.narrowing.visible_facets
    patch.setattr(
        api.web.narrowing, "visible_facets", lambda session, samples, _v: real(session, samples, EVERYTHING)
    )


def _drafts_to_readers(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.article.read, "_sight_of", lambda _caller: kb.article.read._Sight.EVERYTHING)


def _desk_is_open(patch: Patch, _base: Base) -> None:
    patch.setattr(api.permissions.Permission, "check", lambda _self, _caller, **_k: None)


def _desk_and_drafts_are_open(patch: Patch, base: Base) -> None:
    _desk_is_open(patch, base)
    _drafts_to_readers(patch, base)


def _titles_in_errors(patch: Patch, base: Base) -> None:
    real = kb.article.read.get_article

    def get_article(session: Any, **given: Any) -> Any:
        try:
            return real(session, **given)
        except NotFound:
            article = session.get(kb.article.read.Article, given["article_id"])
            if article is None:
                raise
            raise NotFound(what=f"article {article.issue}", id=article.id) from None

    patch.setattr("api.routes.article_answers.get_article", get_article)
    patch.setattr("api.routes.articles.get_article", get_article)


def _forbidden_instead_of_absent(patch: Patch, _base: Base) -> None:
    real = kb.article.read.get_article

    def get_article(session: Any, **given: Any) -> Any:
        try:
            return real(session, **given)
        except NotFound:
            if session.get(kb.article.read.Article, given["article_id"]) is None:
                raise
            raise Forbidden(needs="more") from None

    patch.setattr("api.routes.articles.get_article", get_article)


def _repair_with_hidden_words(patch: Patch, _base: Base) -> None:
    patch.setattr(search.find, "groups_of", lambda _visibility: frozenset(GROUPS))
    patch.setattr(search.find.Searcher, "_may_be_shown", lambda *_given: True)


def _results_remembered_for_everybody(patch: Patch, base: Base) -> None:
    known: dict[tuple[str, int], Any] = {}
    find = search.find.Searcher._find

    def remembered(self: Any, question: Any) -> Any:
        key = question.text, question.limit
        if key not in known:
            known[key] = find(self, question)
        return known[key]

    patch.setattr(search.find.Searcher, "_remembered", remembered)
    prove(base, only=["POST /v1/search"], askers=["operator"])


def _audit_for_anybody(patch: Patch, base: Base) -> None:
    _desk_is_open(patch, base)
    patch.setattr(kb.audit, "require", lambda *_a, **_k: None)


def _people_for_anybody(patch: Patch, base: Base) -> None:
    _desk_is_open(patch, base)
    patch.setattr("kb.user.read.require", lambda *_a, **_k: None)


def _lists_unfiltered(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.article.read, "visible", lambda *_given: true())


def _files_for_anybody(patch: Patch, base: Base) -> None:
    _desk_is_open(patch, base)
    patch.setattr(
        api.routes.sources, "get_source", _everything(api.routes.sources.get_source, "caller_visibility")
    )


def _attachments_for_anybody(patch: Patch, _base: Base) -> None:
    import api.routes.article_parts as parts

    patch.setattr(parts, "get_attachment", _everything(parts.get_attachment, "caller_visibility"))


def _replays_for_everybody(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.idempotency, "_key_hash", lambda _caller, key: sha256_of([key]))


def _errors_of_jobs(patch: Patch, _base: Base) -> None:
    patch.setattr(api.routes.jobs, "_sees_all", lambda *_given: True)


def _drafts_of_others(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.note.read, "is_anothers_draft", lambda *_given: False)


def _findings_unfiltered(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.finding, "visible", lambda *_given: true())


def _flags_unfiltered(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.flag, "_is_visible", lambda *_given: literal(True))


def _counts_unfiltered(patch: Patch, _base: Base) -> None:
    patch.setattr(kb.article.upkeep, "visible", lambda *_given: true())


def _questions_of_neighbours(patch: Patch, _base: Base) -> None:
    real = api.routes.checks.origins_in_sight
    patch.setattr(api.routes.checks, "origins_in_sight", _everything(real))


def _secret_in_the_description(patch: Patch, base: Base) -> None:
    secret = next(one for one in base.world.secrets if one.thing.audience == "internal")
    described = base.app.openapi() | {"x-example": {"title": f"راهنمای {secret.persian}"}}
    patch.setattr(base.app, "openapi_schema", described)
    patch.setattr(base.app, "openapi", lambda: described)


def _secret_in_the_metrics(patch: Patch, base: Base) -> None:
    secret = next(one for one in base.world.secrets if one.thing.audience == "internal")
    render = base.service.metrics.render
    patch.setattr(
        type(base.service.metrics), "render", lambda _self: render() + f"# {secret.latin}\n".encode()
    )


WRITER = "public key that may do everything"
OTHER_PRODUCT = "internal key of another product"
ARTICLE = "GET /v1/articles/{article_id}"

MUTATIONS = [
    Mutation("visibility allows everything", _no_visibility, (ARTICLE, "GET /articles/{article_id}")),
    Mutation("hits are neither filtered nor confirmed", _no_confirmation, ("POST /v1/search",)),
    Mutation(
        "suggestions are not confirmed", _suggestions_unfiltered, ("GET /v1/suggest",), (OTHER_PRODUCT,)
    ),
    Mutation("facets are not filtered", _facets_unfiltered, ("GET /",)),
    Mutation("readers get working revisions", _drafts_to_readers, (ARTICLE,)),
    Mutation("the desk's routes are open", _desk_is_open, (f"{ARTICLE}/checks",)),
    Mutation("history is open", _desk_and_drafts_are_open, (f"{ARTICLE}/history",)),
    Mutation("differences are open", _desk_and_drafts_are_open, (f"{ARTICLE}/diff",)),
    Mutation("an error says what is hidden", _titles_in_errors, (ARTICLE,)),
    Mutation("what is hidden is forbidden, not absent", _forbidden_instead_of_absent, (ARTICLE,)),
    Mutation("repair knows hidden words", _repair_with_hidden_words, ("POST /v1/search",)),
    Mutation("results are remembered for everybody", _results_remembered_for_everybody, ("POST /v1/search",)),
    Mutation("the audit log is open", _audit_for_anybody, ("GET /v1/audit",), ("agent",)),
    Mutation("people are listed to anybody", _people_for_anybody, ("GET /v1/users",)),
    Mutation("lists are not filtered", _lists_unfiltered, ("GET /v1/articles",)),
    Mutation(
        "documents are downloaded unchecked", _files_for_anybody, ("GET /v1/sources/{source_id}/original",)
    ),
    Mutation(
        "attachments are downloaded unchecked",
        _attachments_for_anybody,
        (f"{ARTICLE}/attachments/{{attachment_id}}",),
    ),
    Mutation("replays do not ask who asks", _replays_for_everybody, ("POST /v1/notes",), ("agent",)),
    Mutation("jobs name files to narrow keys", _errors_of_jobs, ("GET /v1/jobs/{job_id}",), (WRITER,)),
    Mutation("drafts are shown to colleagues", _drafts_of_others, ("GET /v1/notes/{note_id}",), ("agent",)),
    Mutation("findings are not filtered", _findings_unfiltered, ("GET /v1/findings",), (WRITER,)),
    Mutation("flags are not filtered", _flags_unfiltered, ("GET /v1/flags",), (WRITER,)),
    Mutation("counts are not filtered", _counts_unfiltered, ("GET /v1/upkeep/counts",), (WRITER,)),
    Mutation("checks show neighbours", _questions_of_neighbours, (f"{ARTICLE}/checks",), (OTHER_PRODUCT,)),
    Mutation("the description has a real example", _secret_in_the_description, ("GET /openapi.json",)),
    Mutation("metrics hold words", _secret_in_the_metrics, ("GET /metrics",)),
]


@pytest.fixture(autouse=True)
def _nothing_remembered(base: Base) -> Iterator[None]:
    base.service.search.searcher.forget()
    yield
    base.service.search.searcher.forget()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_guard_that_is_taken_away_is_a_leak_that_is_found(
    base: Base, monkeypatch: Patch, mutation: Mutation
) -> None:
    with monkeypatch.context() as patch:
        mutation.take_away(patch, base)
        proof: Proof = prove(base, only=mutation.surfaces, askers=mutation.askers)
    assert proof.sights
    assert {one.surface for one in proof.sights} == set(mutation.surfaces)
    assert not proof.holds


def test_without_mutations_the_same_requests_find_nothing(base: Base) -> None:
    surfaces = {name for one in MUTATIONS for name in one.surfaces} - {"POST /v1/search", "GET /"}
    assert prove(base, only=surfaces, askers=["visitor", "agent"]).sights == []
