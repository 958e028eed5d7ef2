"""What an operator may set, by environment variables that begin with ``HRDD_``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import limits
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~\-]+)*/?")


class Settings(BaseSettings):
    """Limits and sizes. None of them changes what is true; they bound what one request may cost."""

    model_config = SettingsConfigDict(env_prefix="HRDD_")

    catalog_seconds: Annotated[
        float, Field(ge=0, description="How long the list of visible graphs is kept before a look.")
    ] = 2.0
    kept_runs: Annotated[int, Field(ge=1, description="How many evaluations of the gap rules are kept in memory.")] = 32
    kept_answer_megabytes: Annotated[
        int, Field(ge=0, description="How much memory the answers of templates may take that are kept for others.")
    ] = 64
    max_query_bytes: Annotated[int, Field(ge=1_000, description="The largest SPARQL request that is read.")] = 1_000_000
    max_body_bytes: Annotated[int, Field(ge=1_000, description="The largest body of any other request.")] = 10_000_000
    body_seconds: Annotated[float, Field(gt=0, description="How long a body may take to arrive.")] = 120.0
    max_address_bytes: Annotated[int, Field(ge=1_000, description="The longest address, with its query.")] = 32_000
    rate_address: Annotated[
        str, Field(description="How often an address may ask, such as 600/minute; empty for no limit.")
    ] = "600/minute"
    rate_token: Annotated[str, Field(description="How often the holder of a token may ask.")] = "6000/minute"  # noqa: S105  (no secret)
    rate_loopback: Annotated[
        str, Field(description="How often this machine itself may ask; a proxy on it should pass on X-Forwarded-For.")
    ] = ""
    public_address: Annotated[
        str, Field(description="Where others reach this server, with the folder in it; without it what each asks for.")
    ] = ""
    audit_log: Annotated[
        Path | None, Field(description="A file to which each request is written as a line of JSON.")
    ] = None
    tokens: Annotated[
        Path | None, Field(description="The file of tokens; without it the one beside a store in a folder.")
    ] = None
    submissions: Annotated[
        Path | None, Field(description="The folder of submissions; without it the one beside a store in a folder.")
    ] = None
    query_seconds: Annotated[float, Field(gt=0, description="How long a caller's SPARQL query may work.")] = 20.0
    query_rows: Annotated[int, Field(ge=1, description="How many rows or statements its answer may have.")] = 1_000_000
    query_megabytes: Annotated[int, Field(ge=64, description="How much memory it may need, beyond the store's.")] = 1024
    query_workers: Annotated[int, Field(ge=1, description="How many such queries run at the same time.")] = 2
    query_wait_seconds: Annotated[float, Field(ge=0, description="How long one waits for its turn.")] = 10.0
    page_rows: Annotated[
        int, Field(ge=1, description="How many rows a page shows; data formats always hold all of them.")
    ] = 500
    print_seconds: Annotated[float, Field(gt=0, description="How long printing one report as PDF may take.")] = 90.0
    print_megabytes: Annotated[int, Field(ge=256, description="How much memory printing it may need.")] = 2048
    portfolio_lines: Annotated[int, Field(ge=1, description="How many lines a list of suppliers may have.")] = 1_000
    incoming: Annotated[int, Field(ge=1, description="How many statements that point to a node are given with it.")] = (
        200
    )

    @field_validator("public_address")
    @classmethod
    def _is_address(cls, text: str) -> str:
        if text and not _ADDRESS.fullmatch(text):
            raise ValueError("give an address such as https://graph.example.org or https://example.org/rights")
        return text.rstrip("/")

    @field_validator("rate_address", "rate_token", "rate_loopback")
    @classmethod
    def _is_rate(cls, text: str) -> str:
        if text:
            limits.parse(text)  # raises ValueError
        return text
