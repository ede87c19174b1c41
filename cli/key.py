"""`kb key`: API keys."""

from datetime import timedelta
from typing import Annotated

import typer

from cli.output import print_json, print_table, say
from kb.vocabulary import Audience, Scope

_COLUMNS = ("id", "name", "prefix", "scopes", "audience", "segments", "products")

app = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What or whom it is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; repeat for more.")] = [Scope.SEARCH],  # noqa: B006
    audience: Annotated[Audience, typer.Option(help="The narrowest audience it may see.")] = Audience.PUBLIC,
    segment: Annotated[
        list[str] | None,
        typer.Option(help="A customer segment whose knowledge it also sees; repeat for more."),
    ] = None,
    product: Annotated[
        list[str] | None,
        typer.Option(help="It sees only what is about this product, or about none; repeat for more."),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Expires after so many days.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Create a key and print it: only its hash is kept."""
    from cli.opening import open_record
    from kb.api_key import create_key
    from kb.clock import utc_now
    from kb.visibility import OPERATOR

    with open_record(create=True) as opened, opened.database.transaction() as session:
        new = create_key(
            session,
            caller=OPERATOR,
            name=name,
            scopes=tuple(scope),
            audience_ceiling=audience,
            segments=segment or (),
            products=product or (),
            expires_at=utc_now() + timedelta(days=days) if days else None,
        )
        key_id, plaintext = new.key.id, new.plaintext
    if as_json:
        print_json({"id": key_id, "name": name, "key": plaintext})
    else:
        say(f"{plaintext}\nKeep it now: it is shown only once. Its id is {key_id}.")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List keys; the secret part is not kept anywhere."""
    from cli.opening import open_record
    from kb.api_key import list_keys
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.reading() as session:
        rows = [
            {
                "id": key.id,
                "name": key.name,
                "prefix": key.prefix,
                "scopes": list(key.scopes),
                "audience": key.audience_ceiling.value,
                "segments": list(key.segments),
                "products": list(key.products),
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
                "last_used_at": key.last_used_at,
            }
            for key in list_keys(session, caller=OPERATOR)
        ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            (*_COLUMNS, "expires", "revoked", "last used"),
            [tuple(row.values()) for row in rows],
        )


@app.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="The id, as `kb key list` shows it.")]) -> None:
    """Revoke a key at once and for good."""
    from cli.opening import open_record
    from kb.api_key import revoke_key
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        revoke_key(session, caller=OPERATOR, key_id=key_id)
    say(f"Revoked {key_id}.")
