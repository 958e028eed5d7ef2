"""What an operator may set, by environment variables that begin with ``HRDD_``."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Limits and sizes. None of them changes what is true; they bound what one request may cost."""

    model_config = SettingsConfigDict(env_prefix="HRDD_")

    catalog_seconds: float = Field(2.0, ge=0, description="How long the list of visible graphs is kept before a look.")
    kept_runs: int = Field(32, ge=1, description="How many evaluations of the gap rules are kept in memory.")
    max_query_bytes: int = Field(1_000_000, ge=1_000, description="The largest SPARQL request that is read.")
    page_rows: int = Field(500, ge=1, description="How many rows a page shows; data formats always hold all of them.")
    incoming: int = Field(200, ge=1, description="How many statements that point to a node are given with it.")
