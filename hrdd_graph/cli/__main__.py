"""``python -m hrdd_graph.cli``."""

from hrdd_graph.cli._app import main

main()
