from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kb.settings import Settings


def test_every_setting_is_documented_and_has_no_secret_default() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        if "key" in name or "password" in name:
            assert field.default is None, name


def test_settings_come_from_variables_and_the_env_file_and_cannot_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("KB_PORT=8100\nKB_HOST=0.0.0.0\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KB_PORT", "8200")
    settings = Settings()
    assert (settings.port, settings.host) == (8200, "0.0.0.0")
    with pytest.raises(ValidationError):
        settings.port = 1


def test_the_record_is_in_the_data_directory_unless_told_otherwise(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).record_url == f"sqlite:///{tmp_path / 'record.sqlite3'}"
    url = "postgresql+psycopg://kb@db/kb"
    assert Settings(data_dir=tmp_path, database_url=url).record_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KB_PORT", "70000"),
        ("KB_UPLOAD_LIMIT_MIB", "0"),
        ("KB_INDEX", "none"),
        ("KB_JOB_ATTEMPTS", "x"),
        ("KB_TIME_ZONE", "Tehran"),
        ("KB_TIME_ZONE", "../x"),
        ("KB_TIME_ZONE", "Asia"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("KB_").lower()):
        Settings(_env_file=None)


def test_a_broker_beside_an_index_inside_one_process_is_refused() -> None:
    with pytest.raises(ValidationError, match="KB_INDEX must be client"):
        Settings(broker_url="redis://127.0.0.1/0", _env_file=None)
    assert Settings(broker_url="redis://127.0.0.1/0", index="client", _env_file=None).broker_url


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reranker": "http"}, "KB_RERANKER=http needs KB_RERANKER_URL"),
        ({"reranker": "cross-encoder"}, "KB_RERANKER=cross-encoder needs KB_RERANKER_MODEL"),
        ({"reranker_url": "localhost:8080/rerank"}, "KB_RERANKER_URL must begin with http"),
        ({"llm_url": "http://127.0.0.1/v1"}, "KB_LLM_URL is set, so KB_LLM_MODEL must be"),
        ({"llm_model": "m"}, "KB_LLM_MODEL is set, so KB_LLM_URL must be"),
        ({"llm_url": "127.0.0.1/v1", "llm_model": "m"}, "KB_LLM_URL must begin with http"),
        ({"llm_parameters": "max_tokens=9"}, "must be a JSON object"),
        ({"llm_parameters": "[1]"}, "must be a JSON object"),
        ({"llm_parameters": '{"stream": true, "model": "x"}'}, "must not hold model, stream"),
    ],
)
def test_a_second_stage_that_lacks_something_is_refused_at_the_start(
    given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings(_env_file=None, **given)


def test_a_second_stage_is_off_by_default() -> None:
    settings = Settings(_env_file=None)
    assert (settings.reranker, settings.llm_url) == ("none", None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"oidc_issuer": "https://a.example"}, "KB_OIDC_ISSUER is set, so KB_OIDC_CLIENT_ID must be"),
        ({"oidc_client_id": "x"}, "KB_OIDC_CLIENT_ID is set, so KB_OIDC_ISSUER must be"),
        ({"oidc_issuer": "http://a.example", "oidc_client_id": "x"}, "must begin with https"),
        ({"oidc_issuer": "ftp://localhost", "oidc_client_id": "x"}, "must begin with https"),
        ({"oidc_scopes": "profile"}, "must hold openid"),
        ({"oidc_role_claim": "groups"}, "KB_OIDC_ROLE_CLAIM is set, so KB_OIDC_ROLES must be"),
        ({"oidc_roles": '{"a": "agent"}'}, "KB_OIDC_ROLES is set, so KB_OIDC_ROLE_CLAIM must be"),
        ({"oidc_role_claim": "groups", "oidc_roles": '{"a": "owner"}'}, "owner is no role; roles are agent"),
        ({"oidc_roles": "[]"}, "must be a JSON object of texts"),
        ({"oidc_teams": '{"a": 1}'}, "must be a JSON object of texts"),
        ({"oidc_create": "admin"}, "oidc_create"),
    ],
)
def test_a_provider_that_lacks_something_is_refused_at_the_start(
    given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings(_env_file=None, **given)
