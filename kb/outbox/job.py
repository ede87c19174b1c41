"""What a job is."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kb.database import Base
from kb.vocabulary import JobName, JobState


class Job(Base):
    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_due_at", "state", "due_at"),
        Index("ix_job_subject_id", "subject_id"),
        Index("ix_job_created_at_id", "created_at", "id"),
        # What waits is promised once: further reasons join it. Whatever already runs gets a successor.
        Index(
            "uq_job_pending",
            "name",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[JobName] = mapped_column()
    #: what it is about: a source, article, note or conversation id; "" for the whole record
    subject_id: Mapped[str] = mapped_column()
    payload: Mapped[dict[str, Any]] = mapped_column()
    state: Mapped[JobState] = mapped_column()
    #: how often it was started
    attempts: Mapped[int] = mapped_column()
    #: how often its lease ran out or its worker died: a sign that it kills its worker
    losses: Mapped[int] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    #: who holds it, until when; a message on a broker holds it too
    leased_by: Mapped[str | None] = mapped_column()
    lease_until: Mapped[datetime | None] = mapped_column()
    progress_done: Mapped[int] = mapped_column()
    progress_total: Mapped[int] = mapped_column()
    error_code: Mapped[str | None] = mapped_column()
    error_message: Mapped[str | None] = mapped_column(Text)
    error_data: Mapped[dict[str, Any] | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    started_at: Mapped[datetime | None] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column()
