"""What the routes of reviews, set times and merges take and answer."""

from datetime import datetime

from pydantic import AwareDatetime, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.fields import Body, IdValue, ShortText, Shown
from api.routes.article_schemas import ArticleShown
from kb.article import MergePlan
from kb.article.review import COMMENT_LIMIT_CHARS, Review
from kb.vocabulary import ReviewState


class ReviewRequest(Body):
    """Who should look; whoever may, unless given."""

    reviewer_id: IdValue | None = None


class Approval(Body):
    """What the reviewer says to the author; may be left out."""

    comment: str = Field(default="", max_length=COMMENT_LIMIT_CHARS)


class ChangesWanted(Body):
    """What must change before the article is right."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"comment": "مهلت برگشت پول با مقالهٔ مرجوعی نمی‌خواند."},
                {"comment": "Say where the button is."},
            ]
        }
    )

    comment: str = Field(min_length=1, max_length=COMMENT_LIMIT_CHARS)


class ReviewShown(Shown):
    """One review of one revision."""

    id: str
    article_id: str
    revision_number: int
    state: ReviewState
    requested_by: str | None = Field(description="null: a key or the operator")
    requested_at: datetime
    reviewer_id: str | None = Field(description="Who should look; null: whoever may")
    decided_by: str | None
    decided_at: datetime | None
    comment: str


class Queued(Shown):
    """An article that waits for a review, with the revision that is to be looked at."""

    review: ReviewShown
    article: ArticleShown


class Schedule(Body):
    """When the working revision is released, when the article is archived; null takes it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"release_at": "2027-03-21T00:00:00+03:30"},
                {"archive_at": None},
            ]
        }
    )

    release_at: AwareDatetime | None = None
    archive_at: AwareDatetime | None = None
    override: ShortText = Field(
        default="", description="As in a release: why questions may lose their answer"
    )

    @model_validator(mode="after")
    def _names_something(self) -> "Schedule":
        if not self.model_fields_set & {"release_at", "archive_at"}:
            raise PydanticCustomError("no_change", "names nothing to change")
        return self


class Merge(Body):
    """Where the readers of the article are led from now on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"into_id": "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"}]}
    )

    into_id: IdValue


class MergePreview(Shown):
    """What merging would do."""

    article_id: str
    into_id: str
    into_version: int
    takes_words: bool = Field(
        description="False where the other article has readers who may not see this one's words"
    )
    issue: list[str] = Field(description="Requester's words that the other takes over")
    query_count: int = Field(description="Learnt queries that lead to the other from then on")
    link_count: int = Field(description="Solved cases that count for the other from then on")
    files: list[str] = Field(description="Names of the files that the other takes over")


def shown_review(review: Review, *, revision_number: int) -> ReviewShown:
    return ReviewShown(
        id=review.id,
        article_id=review.article_id,
        revision_number=revision_number,
        state=review.state,
        requested_by=review.requested_by,
        requested_at=review.requested_at,
        reviewer_id=review.reviewer_id,
        decided_by=review.decided_by,
        decided_at=review.decided_at,
        comment=review.comment,
    )


def shown_plan(plan: MergePlan) -> MergePreview:
    return MergePreview(
        article_id=plan.article.id,
        into_id=plan.into.id,
        into_version=plan.into.version,
        takes_words=plan.takes_words,
        issue=list(plan.issue),
        query_count=plan.query_count,
        link_count=plan.link_count,
        files=list(plan.files),
    )
