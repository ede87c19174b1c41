"""Templates: some are there from the start, managers make others."""

import pytest

from kb.article.builtin_templates import BUILTIN_TEMPLATES
from kb.article.template import (
    change_template,
    create_template,
    delete_template,
    get_template,
    list_templates,
)
from kb.database import Database
from kb.errors import AlreadyExists, Conflict, EmptyText, Forbidden, NotFound, StaleEdit, VersionMissing
from kb.visibility import OPERATOR
from kb.vocabulary import Language, Role
from tests.factories import make_person


def test_every_kind_of_article_has_a_template_in_both_languages(database: Database) -> None:
    kinds = {language: set() for language in Language}
    for one in BUILTIN_TEMPLATES:
        kinds[one.language].add(one.id.rsplit("-", 1)[0])
    assert kinds[Language.PERSIAN] == kinds[Language.ENGLISH] == {"how-to", "problem", "policy", "question"}
    with database.reading() as session:
        assert len(list_templates(session)) == len(BUILTIN_TEMPLATES)
        english = list_templates(session, language=Language.ENGLISH)
    assert {one.language for one in english} == {Language.ENGLISH}
    assert len({one.name for one in BUILTIN_TEMPLATES}) == len(BUILTIN_TEMPLATES)


def test_persian_templates_are_written_with_persian_letters_and_zwnj() -> None:
    for one in BUILTIN_TEMPLATES:
        if one.language is Language.PERSIAN:
            words = one.title + one.environment + one.resolution + one.cause
            assert not set(words) & set("يكىة"), one.id
            assert " می " not in words
            assert " ها " not in words


def test_managers_make_change_and_remove_their_own(any_database: Database) -> None:
    with any_database.transaction() as session:
        manager = make_person(session, role=Role.MANAGER)
        made = create_template(
            session, caller=manager, name="قطعی", language=Language.PERSIAN, title="[سرویس] قطع است"
        )
        assert list_templates(session)[0] == made
        changed = change_template(
            session,
            caller=manager,
            template_id=made.id,
            expected_version=1,
            resolution="گام‌ها",
            tags=["قطعی"],
        )
        assert (changed.version, changed.title, changed.tags) == (2, made.title, ("قطعی",))
        same = change_template(
            session, caller=manager, template_id=made.id, expected_version=2, resolution="گام‌ها"
        )
        assert same.version == 2
        with pytest.raises(StaleEdit):
            change_template(session, caller=manager, template_id=made.id, expected_version=1, title="x")
        with pytest.raises(VersionMissing):
            delete_template(session, caller=manager, template_id=made.id, expected_version=None)
        delete_template(session, caller=manager, template_id=made.id, expected_version=2)
        with pytest.raises(NotFound):
            get_template(session, template_id=made.id)


def test_names_are_free_and_rights_are_a_managers(database: Database) -> None:
    with database.transaction() as session:
        manager = make_person(session, role=Role.MANAGER)
        given = {"caller": manager, "language": Language.PERSIAN}
        create_template(session, name="قطعی", **given)  # type: ignore[arg-type]
        for taken in ("قطعی", " قطعی ", BUILTIN_TEMPLATES[0].name):
            with pytest.raises(AlreadyExists):
                create_template(session, name=taken, **given)  # type: ignore[arg-type]
        with pytest.raises(EmptyText):
            create_template(session, name=" ", **given)  # type: ignore[arg-type]
        publisher = make_person(session, role=Role.PUBLISHER)
        with pytest.raises(Forbidden):
            create_template(session, caller=publisher, name="x", language=Language.ENGLISH)
        for verb in (change_template, delete_template):
            with pytest.raises(Conflict):
                verb(session, caller=OPERATOR, template_id="how-to-fa", expected_version=None)  # type: ignore[operator]
            with pytest.raises(NotFound):
                verb(session, caller=OPERATOR, template_id="nothing", expected_version=None)  # type: ignore[operator]
