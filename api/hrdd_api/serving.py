"""The application as a server's process makes it, from its environment alone.

``uvicorn --factory hrdd_api.serving:application`` does what ``hrdd serve`` does, under any process manager. HRDD_STORE
names the store, HRDD_ROOT a folder of rules and queries, HRDD_TOKENS the file of tokens; the settings have theirs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fastapi import FastAPI
from pydantic import ValidationError

from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from hrdd_graph.access import tokens_beside
from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.opening import default_folder, open_store
from hrdd_graph.resources import open_resources
from hrdd_graph.submissions.desk import submissions_beside


def application() -> FastAPI:
    """The application over the store of the environment. Raises ``UnusableInput`` or ``StoreError``."""
    root, store = os.environ.get("HRDD_ROOT"), os.environ.get("HRDD_STORE")
    resources = open_resources(Path(root) if root else None)
    settings = _settings()
    if settings.tokens is None:
        settings = settings.model_copy(update={"tokens": tokens_beside(store or str(default_folder()))})
    if settings.submissions is None:
        settings = settings.model_copy(update={"submissions": submissions_beside(store or str(default_folder()))})
    opened = open_store(store, resources, lambda message: print(f"hrdd: {message}", file=sys.stderr))
    app = create_app(resources, opened, settings)
    app.state.warming.go_on()
    return app


def _settings() -> Settings:
    """The settings of the environment. Raises ``UnusableInput`` with the names of those that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        raise UnusableInput(
            Problem(f"HRDD_{str(found['loc'][0]).upper()}", 0, "", f"cannot be used: {found['msg']}.")
            for found in error.errors()
        ) from error
