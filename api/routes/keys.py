"""API keys: shown once when they are made; only a hash is kept."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Admitted, TheService
from api.fields import Body, Id, PageOf, Shown, Tag, Title
from api.once import Created, OnceOnly
from api.permissions import ADMINISTERING
from kb.api_key import ApiKey, create_key, list_keys, revoke_key
from kb.visibility import Caller
from kb.vocabulary import Audience, Scope

router = APIRouter(prefix="/v1/keys", tags=["keys"])
Admin = Annotated[Caller, Depends(Admitted(ADMINISTERING))]


class NewKeyRequest(Body):
    """What the key may do, and the narrowest audience it may see."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "درگاه مشتریان", "scopes": ["search", "read"], "audience_ceiling": "public"},
                {
                    "name": "درگاه فروشندگان طلایی",
                    "scopes": ["search"],
                    "audience_ceiling": "partner",
                    "segments": ["طلایی"],
                },
                {"name": "CRM", "scopes": ["search"], "audience_ceiling": "internal", "expires_at": None},
            ]
        }
    )

    name: Title
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    audience_ceiling: Audience
    segments: list[Tag] = Field(
        default=[],
        max_length=20,
        description="Customer segments whose knowledge it sees besides what is for all; with an internal"
        " ceiling none means every segment / بخش‌های مشتریان",
    )
    products: list[Tag] = Field(
        default=[],
        max_length=20,
        description="It sees only what is about one of these, or about none in particular / محصول‌ها",
    )
    expires_at: AwareDatetime | None = None


class KeyShown(Shown):
    """A key as lists show it."""

    id: str
    name: str
    prefix: str = Field(description="Its first characters, to tell keys apart")
    scopes: list[Scope]
    audience_ceiling: Audience
    segments: list[str]
    products: list[str]
    created_by: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyCreated(KeyShown):
    key: str | None = Field(
        description="The key itself, this once; null when an Idempotency-Key replays the answer"
    )


@router.post(
    "", status_code=201, operation_id="createKey", response_model=KeyCreated, summary="Make a key / ساخت کلید"
)
def create(new: NewKeyRequest, caller: Admin, service: TheService, once: OnceOnly) -> Response:
    """Make a key; the answer is the only place where it is ever shown."""

    def effect(session: Session) -> Created:
        made = create_key(session, caller=caller, **dict(new))
        body = KeyCreated(**_shown(made.key).model_dump(), key=made.plaintext)
        return Created(body, headers={"Location": f"/v1/keys/{body.id}"}, secrets=("key",))

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listKeys", summary="List keys / فهرست کلیدها")
def list_(caller: Admin, service: TheService) -> PageOf[KeyShown]:
    """Keys, newest first, revoked ones too."""
    with service.database.reading() as session:
        keys = list_keys(session, caller=caller)
    return PageOf[KeyShown](items=[_shown(key) for key in keys])


@router.delete("/{key_id}", operation_id="revokeKey", summary="Revoke a key / باطل کردن کلید")
def revoke(key_id: Id, caller: Admin, service: TheService) -> KeyShown:
    """From now on the key opens nothing."""
    with service.database.transaction() as session:
        return _shown(revoke_key(session, caller=caller, key_id=key_id))


def _shown(key: ApiKey) -> KeyShown:
    return KeyShown(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=[Scope(scope) for scope in key.scopes],
        audience_ceiling=key.audience_ceiling,
        segments=key.segments,
        products=key.products,
        created_by=key.created_by,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
    )
