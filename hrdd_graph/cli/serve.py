"""hrdd serve"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from hrdd_graph.cli._common import RootOption, StoreOption, TokensOption, note


def command(
    store: StoreOption = None,
    root: RootOption = None,
    tokens: TokensOption = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes that answer, each over the same store.")
    ] = 1,
) -> None:
    """Serve the graph over HTTP, for browsers and for programs."""
    import uvicorn

    from hrdd_graph.errors import UnusableInput

    if workers > 1 and store == "memory:":
        fix = "Build a folder with `hrdd build --store FOLDER`, and name it."
        raise UnusableInput.one("--workers", "needs a store that processes can share.", fix=fix)
    for name, value in {"HRDD_STORE": store, "HRDD_ROOT": root, "HRDD_TOKENS": tokens}.items():
        if value is not None:
            os.environ[name] = str(value)
    if workers > 1:  # what is wrong with the store or the files is told once, here
        from hrdd_api.serving import application

        application()
    note(f"serving on http://{host}:{port}/ (stop with Ctrl-C)")
    uvicorn.run(
        "hrdd_api.serving:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
