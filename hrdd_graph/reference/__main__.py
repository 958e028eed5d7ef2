"""``python -m hrdd_graph.reference FOLDER`` writes the reference documentation as HTML pages.

``python -m hrdd_graph.reference --tables [ROOT]`` writes the tables in ``docs/reference/`` of a repository.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hrdd_graph.opening import open_store
from hrdd_graph.reference.ontology_page import render_ontology_page, style_sheet
from hrdd_graph.reference.tables_page import write_tables
from hrdd_graph.resources import open_resources
from hrdd_graph.view import open_view


def main() -> None:
    if sys.argv[1:2] == ["--tables"]:
        for path in write_tables(Path(sys.argv[2] if len(sys.argv) > 2 else ".")):
            print(path)
        return
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs")
    folder.mkdir(parents=True, exist_ok=True)
    resources = open_resources()
    view = open_view(open_store("memory:", resources))
    page = render_ontology_page(resources.ontology / "hrdd.ttl", view)
    (folder / "ontology.html").write_text(page, encoding="utf-8")
    (folder / "ontology.css").write_text(style_sheet(), encoding="utf-8")
    print(folder / "ontology.html")


main()
