"""Each task leads from its origin to a staged edition, and does nothing twice."""

import pytest
from sqlalchemy import func, select

from kb.article import archive_article, change_article, create_article, release_article, revise_article
from kb.article.composed import revision_text
from kb.article.model import ArticleRevision
from kb.conversation import TurnDraft, import_conversation
from kb.database import Database
from kb.edition import edition_passages, live_edition, publish_edition, staged_edition
from kb.learnt_query import learn_query
from kb.note import reject_note
from kb.outbox import enqueue
from kb.passage import Edition, Passage, Vector
from kb.source import Source, StoredSource, store_source
from kb.visibility import OPERATOR
from kb.vocabulary import (
    ArticleState,
    Audience,
    Channel,
    EditionState,
    JobName,
    JobState,
    Language,
    OriginKind,
    OriginState,
    PassageField,
    Role,
    SourceStatus,
    Speaker,
)
from tests.factories import make_note, make_person
from tests.workers.conftest import the_job
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS

RESOLUTION = "تا پیش از ارسال، لغو **رایگان** است.\n\n## پس از ارسال\n\nبسته را تحویل نگیرید.\n"


def _run(resources: Resources) -> None:
    assert run_job(resources, TASKS, job_id=the_job(resources.database).id)


def _again(resources: Resources, name: JobName, subject_id: str) -> None:
    with resources.database.transaction() as session:
        enqueue(session, name=name, subject_id=subject_id)
    _run(resources)


def _staged(database: Database, kind: OriginKind, origin_id: str) -> tuple[Edition, list[Passage]]:
    with database.reading() as session:
        edition = staged_edition(session, origin_kind=kind, origin_id=origin_id)
        assert edition is not None
        return edition, edition_passages(session, edition_id=edition.id)


def _publish(database: Database, edition: Edition) -> None:
    with database.transaction() as session:
        assert publish_edition(session, edition_id=edition.id)


def _count(database: Database, model: type[Edition] | type[Vector]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def _article(resources: Resources) -> str:
    with resources.database.transaction() as session:
        article = create_article(
            session,
            caller=OPERATOR,
            language=Language.PERSIAN,
            title="لغو سفارش",
            resolution=RESOLUTION,
            audience=Audience.PUBLIC,
            issue=["سفارشمو کنسل کنید", "دکمه لغو نیست"],
            environment="سایت و برنامه",
        )
        release_article(session, caller=OPERATOR, article_id=article.id, expected_version=1)
        return article.id


def _source(resources: Resources, data: bytes, **options: object) -> StoredSource:
    with resources.database.transaction() as session:
        return store_source(
            session,
            caller=OPERATOR,
            locator="/somewhere/a.md",
            filename="a.md",
            data=data,
            audience=Audience.INTERNAL,
            **options,  # type: ignore[arg-type]
        )


def test_an_article_is_cut_into_title_issues_and_a_body_that_tiles_its_text(resources: Resources) -> None:
    article_id = _article(resources)
    _run(resources)
    edition, passages = _staged(resources.database, OriginKind.ARTICLE, article_id)
    assert edition.title == "لغو سفارش"
    assert [passage.field for passage in passages[:3]] == [
        PassageField.TITLE,
        PassageField.ISSUE,
        PassageField.ISSUE,
    ]
    with resources.database.reading() as session:
        (revision,) = session.scalars(select(ArticleRevision))
    text = revision_text(revision, Language.PERSIAN)
    body = [passage for passage in passages if passage.field is PassageField.BODY]
    assert "".join(passage.text for passage in body) == text
    assert all(text[passage.start : passage.end] == passage.text for passage in body)
    assert "**" not in "".join(passage.indexed_text for passage in body)
    assert the_job(resources.database).state is JobState.DONE


def test_an_unchanged_article_is_staged_once_and_embedded_once(resources: Resources) -> None:
    article_id = _article(resources)
    _run(resources)
    editions, vectors = _count(resources.database, Edition), _count(resources.database, Vector)
    _again(resources, JobName.INDEX_ARTICLE, article_id)
    edition, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    _publish(resources.database, edition)
    _again(resources, JobName.INDEX_ARTICLE, article_id)
    assert (_count(resources.database, Edition), _count(resources.database, Vector)) == (editions, vectors)


def test_a_working_revision_changes_nothing_that_is_served(resources: Resources) -> None:
    article_id = _article(resources)
    _run(resources)
    before, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    with resources.database.transaction() as session:
        revise_article(
            session, caller=OPERATOR, article_id=article_id, expected_version=None, resolution="چیزی دیگر"
        )
    _again(resources, JobName.INDEX_ARTICLE, article_id)
    after, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    assert after.id == before.id


def test_an_archived_article_is_taken_away(resources: Resources) -> None:
    article_id = _article(resources)
    _run(resources)
    with resources.database.transaction() as session:
        archive_article(session, caller=OPERATOR, article_id=article_id, expected_version=None)
    _again(resources, JobName.INDEX_ARTICLE, article_id)
    with resources.database.reading() as session:
        assert set(session.scalars(select(Edition.state))) == {EditionState.RETIRED}


def test_what_was_released_while_a_task_computed_wins(resources: Resources) -> None:
    article_id = _article(resources)
    job = the_job(resources.database)

    def released_meanwhile(*arguments: object) -> object:
        outcome = TASKS[JobName.INDEX_ARTICLE](*arguments)  # type: ignore[arg-type]
        with resources.database.transaction() as session:
            revise_article(
                session, caller=OPERATOR, article_id=article_id, expected_version=None, title="عنوان تازه"
            )
            release_article(session, caller=OPERATOR, article_id=article_id, expected_version=None)
        return outcome

    tasks = {**TASKS, JobName.INDEX_ARTICLE: released_meanwhile}
    assert run_job(resources, tasks, job_id=job.id)  # type: ignore[arg-type]
    assert _count(resources.database, Edition) == 0
    _run(resources)
    edition, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    assert edition.title == "عنوان تازه"


def test_a_note_is_found_only_while_it_is_accepted(resources: Resources) -> None:
    with resources.database.transaction() as session:
        note = make_note(session, accepted=True, text="اول کارت‌خوان را ببینید.")
    _run(resources)
    _, (passage,) = _staged(resources.database, OriginKind.NOTE, note.id)
    assert passage.text == "اول کارت‌خوان را ببینید."
    with resources.database.transaction() as session:
        reject_note(session, caller=OPERATOR, note_id=note.id)
    _again(resources, JobName.INDEX_NOTE, note.id)
    with resources.database.reading() as session:
        assert staged_edition(session, origin_kind=OriginKind.NOTE, origin_id=note.id) is None


def test_a_conversation_is_cut_between_turns(resources: Resources) -> None:
    turns = [TurnDraft(Speaker.CUSTOMER if n % 2 else Speaker.AGENT, f"جملهٔ {n} " * 20) for n in range(12)]
    with resources.database.transaction() as session:
        conversation, _ = import_conversation(
            session,
            caller=OPERATOR,
            external_id="c1",
            channel=Channel.CHAT,
            language=Language.PERSIAN,
            audience=Audience.INTERNAL,
            turns=turns,
        )
    _run(resources)
    edition, passages = _staged(resources.database, OriginKind.CONVERSATION, conversation.id)
    assert edition.title.startswith("جملهٔ 1")
    assert len(passages) > 1
    assert [p.start for p in passages[1:]] == [p.end for p in passages[:-1]]
    assert all(p.text.startswith(("پشتیبان: ", "مشتری: ")) for p in passages)


def test_a_source_is_converted_and_staged(resources: Resources) -> None:
    stored = _source(resources, "# مهلت بازگشت\n\nهفت روز پس از تحویل.\n".encode())
    _run(resources)
    edition, passages = _staged(resources.database, OriginKind.SOURCE, stored.source.id)
    assert (edition.title, edition.language) == ("مهلت بازگشت", Language.PERSIAN)
    assert [passage.field for passage in passages] == [PassageField.TITLE, PassageField.BODY]
    with resources.database.reading() as session:
        source = session.get_one(Source, stored.source.id)
    assert (source.status, source.title) == (SourceStatus.STAGED, "مهلت بازگشت")


def test_the_same_bytes_are_not_converted_again(resources: Resources) -> None:
    stored = _source(resources, b"# Returns\n\nSeven days.\n")
    _run(resources)
    edition, _ = _staged(resources.database, OriginKind.SOURCE, stored.source.id)
    _publish(resources.database, edition)
    _again(resources, JobName.INGEST_SOURCE, stored.source.id)
    with resources.database.reading() as session:
        live = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=stored.source.id)
        source = session.get_one(Source, stored.source.id)
    assert live is not None
    assert live.id == edition.id
    assert source.status is SourceStatus.INDEXED
    assert _count(resources.database, Edition) == 1


def test_bytes_that_came_back_drop_what_was_about_to_replace_them(resources: Resources) -> None:
    stored = _source(resources, b"# Returns\n\nSeven days.\n")
    _run(resources)
    first, _ = _staged(resources.database, OriginKind.SOURCE, stored.source.id)
    _publish(resources.database, first)
    _source(resources, b"# Returns\n\nTen days.\n")
    _run(resources)
    _source(resources, b"# Returns\n\nSeven days.\n")
    _run(resources)
    with resources.database.reading() as session:
        assert staged_edition(session, origin_kind=OriginKind.SOURCE, origin_id=stored.source.id) is None
        source = session.get_one(Source, stored.source.id)
        live = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=stored.source.id)
    assert source.status is SourceStatus.INDEXED
    assert live is not None
    assert live.id == first.id


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_document"), (b"[***]\n\n----\n", "empty_document"), (b"\x89PNG\r\n\x1a\n" * 9, None)],
)
def test_what_cannot_be_converted_fails_with_its_reason(
    resources: Resources, data: bytes, code: str | None
) -> None:
    stored = _source(resources, data)
    _run(resources)
    job = the_job(resources.database)
    with resources.database.reading() as session:
        source = session.get_one(Source, stored.source.id)
    assert (job.state, source.status) == (JobState.FAILED, SourceStatus.FAILED)
    assert job.error_code == source.error_code
    assert code in (None, job.error_code)
    assert job.error_message
    assert "a.md" in job.error_message


def test_what_was_lost_in_a_conversion_is_kept_on_the_source(resources: Resources) -> None:
    stored = _source(resources, b"# Title\n\nwith a NUL \x00 inside\n")
    _run(resources)
    with resources.database.reading() as session:
        source = session.get_one(Source, stored.source.id)
    assert [warning["code"] for warning in source.warnings] == ["removed_characters"]


def test_a_deleted_origin_leaves_nothing_to_do(resources: Resources) -> None:
    for name in TASKS:
        with resources.database.transaction() as session:
            enqueue(session, name=name, subject_id="gone")
        _run(resources)
        assert the_job(resources.database).state is JobState.DONE
    assert _count(resources.database, Edition) == 0


def _learn(resources: Resources, kind: OriginKind, origin_id: str, text: str) -> None:
    with resources.database.transaction() as session:
        learn_query(
            session,
            caller=make_person(session, role=Role.PUBLISHER),
            origin_kind=kind,
            origin_id=origin_id,
            text=text,
            folded=text,
        )


def test_learnt_queries_become_passages_that_lead_to_their_article(resources: Resources) -> None:
    article_id = _article(resources)
    _run(resources)
    first, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    _publish(resources.database, first)
    vectors = _count(resources.database, Vector)
    _learn(resources, OriginKind.ARTICLE, article_id, "چطوری پسش بدم")
    _run(resources)
    edition, passages = _staged(resources.database, OriginKind.ARTICLE, article_id)
    assert edition.id != first.id
    learnt = [passage for passage in passages if passage.field is PassageField.QUERY]
    assert [(passage.text, passage.indexed_text) for passage in learnt] == [("چطوری پسش بدم",) * 2]
    # Nothing but the new words was embedded and counted.
    assert _count(resources.database, Vector) == vectors + 2


def test_learnt_queries_of_notes_and_sources_are_indexed_too(resources: Resources) -> None:
    with resources.database.transaction() as session:
        note_id = make_note(session, accepted=True).id
    _run(resources)
    _publish(resources.database, _staged(resources.database, OriginKind.NOTE, note_id)[0])
    _learn(resources, OriginKind.NOTE, note_id, "چطوری پسش بدم")
    _run(resources)
    _, passages = _staged(resources.database, OriginKind.NOTE, note_id)
    assert [p.text for p in passages if p.field is PassageField.QUERY] == ["چطوری پسش بدم"]
    source_id = _source(resources, b"# Returns\n\nSeven days.\n").source.id
    _run(resources)
    _publish(resources.database, _staged(resources.database, OriginKind.SOURCE, source_id)[0])
    _learn(resources, OriginKind.SOURCE, source_id, "how many days")
    _run(resources)
    edition, passages = _staged(resources.database, OriginKind.SOURCE, source_id)
    assert [p.text for p in passages if p.field is PassageField.QUERY] == ["how many days"]
    _publish(resources.database, edition)
    with resources.database.reading() as session:
        assert session.get_one(Source, source_id).status is SourceStatus.INDEXED


def test_a_changed_state_is_staged_anew_without_embedding_anything(resources: Resources) -> None:
    article_id = _article(resources)
    _run(resources)
    first, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    _publish(resources.database, first)
    vectors = _count(resources.database, Vector)
    with resources.database.transaction() as session:
        change_article(
            session,
            caller=OPERATOR,
            article_id=article_id,
            expected_version=None,
            state=ArticleState.NOT_VALIDATED,
        )
    _run(resources)
    edition, _ = _staged(resources.database, OriginKind.ARTICLE, article_id)
    assert edition.origin_state is OriginState.NOT_VALIDATED
    assert _count(resources.database, Vector) == vectors
