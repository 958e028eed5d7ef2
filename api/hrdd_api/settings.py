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
    query_seconds: Annotated[float, Field(gt=0, description="How long a caller's SPARQL query may work.")] = 20.0
    query_rows: Annotated[int, Field(ge=1, description="How many rows or statements its answer may have.")] = 1_000_000
    query_megabytes: Annotated[int, Field(ge=64, description="How much memory it may need, beyond the store's.")] = 1024
    query_workers: Annotated[int, Field(ge=1, description="How many such queries run at the same time.")] = 2
    query_wait_seconds: Annotated[float, Field(ge=0, description="How long one waits for its turn.")] = 10.0
    page_rows: Annotated[
        int, Field(ge=1, description="How many rows a page shows; data formats always hold all of them.")
    ] = 500
    incoming: Annotated[int, Field(ge=1, description="How many statements that point to a node are given with it.")] = (
        200
    )
