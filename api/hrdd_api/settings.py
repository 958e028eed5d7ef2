"""What an operator may set, by environment variables that begin with ``HRDD_``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Limits and sizes. None of them changes what is true; they bound what one request may cost."""

    model_config = SettingsConfigDict(env_prefix="HRDD_")

    catalog_seconds: Annotated[
        float, Field(ge=0, description="How long the list of visible graphs is kept before a look.")
    ] = 2.0
    kept_runs: Annotated[int, Field(ge=1, description="How many evaluations of the gap rules are kept in memory.")] = 32
    max_query_bytes: Annotated[int, Field(ge=1_000, description="The largest SPARQL request that is read.")] = 1_000_000
    page_rows: Annotated[
        int, Field(ge=1, description="How many rows a page shows; data formats always hold all of them.")
    ] = 500
    incoming: Annotated[int, Field(ge=1, description="How many statements that point to a node are given with it.")] = (
        200
    )
