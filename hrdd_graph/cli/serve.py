"""hrdd serve"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import RootOption, StoreOption, note, resources_at


def command(
    store: StoreOption = None,
    root: RootOption = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Serve the graph over HTTP, for browsers and for programs."""
    import uvicorn
    from hrdd_api.app import create_app

    from hrdd_graph.opening import open_store

    resources = resources_at(root)
    app = create_app(resources, open_store(store, resources, note))
    note(f"serving on http://{host}:{port}/ (stop with Ctrl-C)")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
