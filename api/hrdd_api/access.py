"""Who is asking: a bearer token is checked on each request, before anything else looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from hrdd_api.problems import Refusal
from hrdd_graph.access import Token, TokenFile

CALLER_KEY = "hrdd.caller"  # where admission leaves the caller of a request
_CHALLENGE = 'Bearer realm="hrdd-graph"'


@dataclass(frozen=True)
class Caller:
    """Who is asking: the holder of a token, or anybody at an address."""

    address: str = ""
    token: Token | None = None

    @property
    def readable(self) -> frozenset[str]:
        """The restricted graphs in this caller's view."""
        return self.token.readable if self.token else frozenset()

    @property
    def is_local(self) -> bool:
        """Whether the caller is on this machine."""
        return self.kind == "loopback"

    @property
    def kind(self) -> str:
        """What a log may know of the address: loopback, private or public."""
        return _kind(self.address)

    @property
    def network(self) -> str:
        """The address, or for IPv6 the network of 64 bits that one customer has."""
        try:
            found = ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(found, IPv6Address):
            return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
        return str(found)


@lru_cache(maxsize=1024)
def _kind(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return "loopback" if found.is_loopback else "private" if found.is_private else "public"


ANYBODY = Caller()


def caller_of(scope: Scope) -> Caller:
    """Who sent this request."""
    caller: Caller = scope.get(CALLER_KEY, ANYBODY)
    return caller


class Authentication:
    """Finds out who is asking. A token that does not hold is refused: its holder should know, and not see less."""

    def __init__(self, tokens: TokenFile | None) -> None:
        self.tokens = tokens

    async def token(self, scope: Scope) -> Token | None:
        """The token of a request; ``None`` where it carries none. Raises ``Refusal`` or ``StoreError``."""
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            return None
        scheme, _, secret = given[0].decode("latin-1").partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer" or not secret.strip():
            raise _unauthorized("Authorization holds no bearer token.", "Send it once, as Bearer and the secret.")
        found = await run_in_threadpool(self.tokens.find, secret.strip()) if self.tokens else None
        if found is None:
            raise _unauthorized(
                "The token is unknown, has expired or was revoked.",
                "Ask the operator for another, or send none: public graphs need no token.",
                ', error="invalid_token"',
            )
        return found


def _unauthorized(detail: str, fix: str, error: str = "") -> Refusal:
    return Refusal("unauthorized", detail, fix, headers={"WWW-Authenticate": _CHALLENGE + error})


def token_with(*scopes: str) -> Callable[[Request], Token]:
    """A dependency that gives the caller's token, and refuses where there is none or where it lacks a scope."""

    def needed(request: Request) -> Token:
        token = caller_of(request.scope).token
        if token is None:
            raise _unauthorized("This address needs a token.", "Ask the operator for one; send it as a bearer token.")
        lacking = [scope for scope in scopes if scope not in token.scopes]
        if lacking:
            challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{" ".join(scopes)}"'
            raise Refusal(
                "forbidden",
                f"The token lacks the scope {lacking[0]}.",
                f"Ask the operator for a token with {' and '.join(scopes)}.",
                headers={"WWW-Authenticate": challenge},
            )
        return token

    return needed
