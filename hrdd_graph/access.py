"""Tokens: who may do more than read the public graphs, and what.

A token's secret is 256 random bits and is shown once; the file beside the store keeps its SHA-256, which nobody can
turn back. Each scope is one right: ``read:*`` or ``read:<graph>`` for restricted graphs, ``submit``, ``decide``,
``administer``. None includes another.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.namespaces import HOME
from hrdd_graph.store.base import StoreError
from hrdd_graph.view import EVERY_GRAPH

GRAPHS = HOME + "graph/"
RIGHTS = ("submit", "decide", "administer")
_READ = "read:"
_MARK = "hrdd_"  # lets a scanner of published files know a secret of ours
_LONGEST = timedelta(days=3650)


@dataclass(frozen=True)
class Token:
    """A token as it is kept: ``digest`` is the SHA-256 of its secret; the times are in UTC."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime
    digest: str = field(repr=False)
    revoked: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether it gives any right at a moment."""
        return self.revoked is None and moment < self.expires

    @property
    def readable(self) -> frozenset[str]:
        """The restricted graphs that it lets its holder read, as a view understands them."""
        return frozenset(scope.removeprefix(_READ) for scope in self.scopes if scope.startswith(_READ))


def parse_scopes(texts: Iterable[str]) -> tuple[str, ...]:
    """Scopes as they are kept: a graph of ours may be named by what stands behind ``graph/``.

    Raises ``UnusableInput`` with every scope that is none.
    """
    found: list[str] = []
    problems: list[Problem] = []
    for text in texts:
        if text in RIGHTS or text == _READ + EVERY_GRAPH:
            found.append(text)
            continue
        graph = text.removeprefix(_READ) if text.startswith(_READ) else ""
        address = graph if "://" in graph else GRAPHS + graph
        if graph and re.fullmatch(r'https?://[^\x00-\x20<>"{}|\\^`*]+', address):
            found.append(_READ + address)
        else:
            fix = f"Write read:*, read:<graph>, {', '.join(RIGHTS[:-1])} or {RIGHTS[-1]}."
            problems.append(Problem("--scope", 0, "", f'"{text}" is not a scope.', fix))
    if problems:
        raise UnusableInput(problems)
    return tuple(sorted(dict.fromkeys(found)))


def tokens_beside(store: str) -> Path | None:
    """Where the tokens of a store in a folder are kept; ``None`` for a store in memory or far away."""
    folder = Path(store)
    return None if "://" in store or store == "memory:" else folder.with_name(f"{folder.name}.tokens.json")


class TokenFile:
    """The file of tokens: only its owner may read it, and it is replaced as a whole."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = path
        self._now = now
        self._lock = Lock()
        self._read: tuple[tuple[int, ...], dict[str, Token]] | None = None

    def create(self, name: str, scopes: Iterable[str], days: int = 365) -> tuple[Token, str]:
        """Make a token; gives it with its secret, which is kept nowhere. Raises ``UnusableInput``."""
        chosen = parse_scopes(scopes)
        if not chosen:
            raise UnusableInput.one("--scope", "is missing.", fix="Say what the token is for, such as read:*.")
        if not name.strip() or len(name) > 100 or not name.isprintable():
            raise UnusableInput.one("NAME", "is no name.", fix="Say in a few words whose token it is.")
        if not timedelta() < timedelta(days=days) <= _LONGEST:
            raise UnusableInput.one("--days", f"{days} is out of bounds.", fix="Choose 1 to 3650.")
        secret = _MARK + secrets.token_urlsafe(32)
        now = self._now().replace(microsecond=0)
        token = Token(secrets.token_hex(4), name.strip(), chosen, now, now + timedelta(days=days), digest_of(secret))
        with self._changing() as tokens:
            tokens.append(token)
        return token, secret

    def revoke(self, token_id: str) -> Token:
        """End a token at once. Raises ``UnusableInput`` where there is none with this id."""
        with self._changing() as tokens:
            for place, token in enumerate(tokens):
                if token.id == token_id:
                    tokens[place] = replace(token, revoked=token.revoked or self._now().replace(microsecond=0))
                    return tokens[place]
        raise UnusableInput.one("TOKEN", f"{token_id} is not a token's id.", fix="`hrdd token list` shows them.")

    def all(self) -> tuple[Token, ...]:
        """Every token that was ever made, oldest first. Raises ``StoreError`` where the file cannot be trusted."""
        return tuple(self._tokens().values())

    def find(self, secret: str) -> Token | None:
        """The token with this secret that holds now. The file is read again whenever it has changed."""
        token = self._tokens().get(digest_of(secret))
        return token if token is not None and token.holds_at(self._now()) else None

    def _tokens(self) -> dict[str, Token]:
        """Tokens by digest."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}.") from error
        if status.st_mode & 0o077:
            raise StoreError(f"{self.path} can be read by others than its owner. Run chmod 600 on it.")
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        with self._lock:
            if self._read is None or self._read[0] != state:
                self._read = (state, {token.digest: token for token in _read(self.path)})
            return self._read[1]

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        """The tokens to change; written when the context ends well. One process at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(self.path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tokens = list(self._tokens().values())
            yield tokens
            part = self.path.with_name(self.path.name + ".part")
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump({"tokens": [asdict(token) for token in tokens]}, file, indent=1, default=datetime.isoformat)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)


def digest_of(secret: str) -> str:
    """What is kept of a secret. It needs neither salt nor slowness, since it is random and not chosen by a person."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _read(path: Path) -> list[Token]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return [
            Token(
                **{
                    **facts,
                    "scopes": parse_scopes(facts["scopes"]),
                    **{
                        key: facts[key] and datetime.fromisoformat(facts[key])
                        for key in ("created", "expires", "revoked")
                    },
                }
            )
            for facts in document["tokens"]
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, UnusableInput) as error:
        raise StoreError(f"{path} is no file of tokens: {error}") from error
