"""hrdd token"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrdd_graph.cli._common import StoreOption, TokensOption, note

if TYPE_CHECKING:
    from hrdd_graph.access import Token, TokenFile

group = typer.Typer(no_args_is_help=True, help="Tokens for those who may do more over HTTP than read what is public.")


def _file(tokens: Path | None, store: str | None) -> TokenFile:
    """The file of tokens that the user named, or the one beside the store."""
    from hrdd_graph.access import TokenFile, tokens_beside
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.opening import default_folder

    path = tokens or tokens_beside(store or str(default_folder()))
    if path is None:
        raise UnusableInput.one("--tokens", "is needed for a store that is no folder.", fix="Name a file.")
    return TokenFile(path)


@group.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Whose token it is, or what for.")],
    scope: Annotated[
        list[str],
        typer.Option("--scope", "-s", help="read:*, read:<graph>, submit, decide, administer; several times."),
    ],
    days: Annotated[int, typer.Option("--days", help="How many days it holds.")] = 365,
    store: StoreOption = None,
    tokens: TokensOption = None,
) -> None:
    """Make a token and print its secret, once: it is kept nowhere."""
    token, secret = _file(tokens, store).create(name, scope, days)
    note(f"token {token.id} holds until {token.expires:%Y-%m-%d}. This is its secret; it will not be shown again:")
    print(secret)


@group.command("list")
def show(store: StoreOption = None, tokens: TokensOption = None) -> None:
    """Write every token as a line of JSON, without secrets."""
    now = datetime.now(UTC)
    for token in _file(tokens, store).all():
        print(json.dumps(_line(token, now), ensure_ascii=False))


@group.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(help="The token's id, as `hrdd token list` shows it.")],
    store: StoreOption = None,
    tokens: TokensOption = None,
) -> None:
    """End a token at once, on every server that reads this file."""
    ended = _file(tokens, store).revoke(token)
    note(f"token {ended.id} ({ended.name}) is revoked")


def _line(token: Token, now: datetime) -> dict[str, object]:
    state = "revoked" if token.revoked else "holds" if token.holds_at(now) else "expired"
    return {
        "id": token.id, "name": token.name, "scopes": list(token.scopes), "state": state,
        "created": token.created.isoformat(), "expires": token.expires.isoformat(),
        "revoked": token.revoked.isoformat() if token.revoked else None,
    }  # fmt: skip
