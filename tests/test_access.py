"""Tokens: the secret is kept nowhere, a right is one scope, and what is revoked or expired gives none."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.access import GRAPHS, TokenFile, parse_scopes, tokens_beside
from hrdd_graph.errors import UnusableInput
from hrdd_graph.store import StoreError
from tests.conftest import Hrdd

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "store.tokens.json")


def test_the_secret_is_kept_nowhere_and_the_file_is_its_owners_alone(tokens: TokenFile) -> None:
    token, secret = tokens.create("an auditor", ["read:*"])
    assert len(secret) > 40
    assert secret.encode() not in tokens.path.read_bytes()
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    assert tokens.find(secret) == token
    assert secret not in repr(token)
    assert token.digest not in repr(token)


def test_two_tokens_are_never_alike(tokens: TokenFile) -> None:
    made = [tokens.create("same", ["submit"]) for _ in range(20)]
    assert len({secret for _, secret in made}) == len({token.id for token, _ in made}) == 20


@given(st.text(max_size=100))
def test_no_other_text_is_a_secret(guess: str) -> None:
    kept = TokenFile(Path(os.devnull + ".nowhere"))
    assert kept.find(guess) is None


def test_a_digest_is_no_secret(tokens: TokenFile) -> None:
    token, secret = tokens.create("an auditor", ["submit"])
    assert tokens.find(token.digest) is None
    assert tokens.find(secret + " ") is None
    assert tokens.find(secret.upper()) is None


def test_revoking_ends_a_token_for_every_reader_of_the_file(tokens: TokenFile) -> None:
    token, secret = tokens.create("an auditor", ["read:*"])
    _, others = tokens.create("another", ["read:*"])
    elsewhere = TokenFile(tokens.path)
    assert elsewhere.find(secret)
    tokens.revoke(token.id)
    assert elsewhere.find(secret) is None
    assert elsewhere.find(others)
    first = next(t for t in tokens.all() if t.id == token.id).revoked
    assert tokens.revoke(token.id).revoked == first, "the first moment counts"


def test_a_token_ends_at_its_moment(tokens: TokenFile) -> None:
    day = timedelta(days=1)
    _, secret = TokenFile(tokens.path, lambda: NOON).create("an auditor", ["submit"], days=1)
    assert TokenFile(tokens.path, lambda: NOON + day - timedelta(seconds=1)).find(secret)
    assert TokenFile(tokens.path, lambda: NOON + day).find(secret) is None


def test_scopes_name_graphs_in_full_or_by_their_end() -> None:
    assert parse_scopes(["submit", "read:tiny", f"read:{GRAPHS}tiny", "read:*"]) == (
        "read:*",
        f"read:{GRAPHS}tiny",
        "submit",
    )


@pytest.mark.parametrize(
    "scope", ["", "read", "read:", "write", "Submit", "read:a b", "read:<x>", "read:**", "read:x*"]
)
def test_what_is_no_scope_is_refused(tokens: TokenFile, scope: str) -> None:
    with pytest.raises(UnusableInput, match="is not a scope"):
        tokens.create("an auditor", [scope])
    assert not tokens.path.exists()


@pytest.mark.parametrize(
    ("name", "scopes", "days"), [("", ["submit"], 1), ("a\nb", ["submit"], 1), ("a", [], 1), ("a", ["submit"], 0),
                                 ("a", ["submit"], -1), ("a", ["submit"], 4000)]
)  # fmt: skip
def test_a_token_without_name_scope_or_end_is_refused(
    tokens: TokenFile, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(UnusableInput):
        tokens.create(name, scopes, days)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"tokens": [{}]}', '{"tokens": [{"id": "a"}]}', '{"tokens": 7}', "\x00", '{"tokens": [7]}']
)
def test_a_broken_file_lets_nobody_in(tokens: TokenFile, text: str) -> None:
    _, secret = tokens.create("an auditor", ["read:*"])
    tokens.path.write_text(text)
    with pytest.raises(StoreError, match="is no file of tokens"):
        tokens.find(secret)


def test_a_scope_that_was_written_into_the_file_by_hand_must_be_one(tokens: TokenFile) -> None:
    _, secret = tokens.create("an auditor", ["submit"])
    tokens.path.write_text(tokens.path.read_text().replace('"submit"', '"everything"'))
    with pytest.raises(StoreError):
        tokens.find(secret)


def test_a_file_that_others_can_read_is_not_trusted(tokens: TokenFile) -> None:
    _, secret = tokens.create("an auditor", ["read:*"])
    tokens.path.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        tokens.find(secret)


def test_the_file_stands_beside_a_store_that_is_a_folder() -> None:
    assert tokens_beside("build/store") == Path("build/store.tokens.json")
    assert tokens_beside("memory:") is None
    assert tokens_beside("https://example.org/sparql") is None


def test_tokens_on_the_command_line(hrdd: Hrdd, tmp_path: Path) -> None:
    store = tmp_path / "store"
    made = hrdd("token", "create", "An auditor", "--scope", "read:tiny", "--days", "30", store=store)
    assert (made.returncode, made.stdout.count("\n")) == (0, 1)
    listed = hrdd("token", "list", store=store)
    line = json.loads(listed.stdout)
    assert (line["name"], line["scopes"], line["state"]) == ("An auditor", [f"read:{GRAPHS}tiny"], "holds")
    assert made.stdout.strip() not in listed.stdout
    assert hrdd("token", "revoke", line["id"], store=store).returncode == 0
    assert json.loads(hrdd("token", "list", store=store).stdout)["state"] == "revoked"


def test_mistakes_on_the_command_line_are_told(hrdd: Hrdd, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert "is not a token's id" in hrdd("token", "revoke", "nobody", store=store).stderr
    for arguments in (["revoke", "nobody"], ["create", "A", "--scope", "all"], ["create", "A"]):
        assert hrdd("token", *arguments, store=store).returncode == 2
    assert "--tokens" in hrdd("token", "list", store="memory:").stderr
