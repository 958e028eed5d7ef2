"""``python -m hrdd_graph.reference FOLDER`` writes the reference documentation as HTML pages.

``python -m hrdd_graph.reference --tables [ROOT]`` writes the tables, the import profiles and the catalogue of
gap rules in ``docs/reference/`` of a repository.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hrdd_graph.opening import open_store
from hrdd_graph.reference.gaps_page import DAY, gap_pages
from hrdd_graph.reference.ontology_page import render_ontology_page, style_sheet
from hrdd_graph.reference.profiles_page import profile_pages
from hrdd_graph.reference.tables_page import pages_of
from hrdd_graph.resources import open_resources
from hrdd_graph.view import open_view


def write_pages(root: Path) -> None:
    """Write every generated Markdown page of a repository, and take away those of what is no more."""
    resources = open_resources(root)
    pages = pages_of(root) | profile_pages(resources)
    pages |= gap_pages(resources, open_view(open_store("memory:", resources), as_of=DAY))
    for folder in ("gaps", "profiles"):
        for old in set((root / "docs" / "reference" / folder).glob("*.md")) - set(pages):
            old.unlink()
    for path, text in sorted(pages.items()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)


def main() -> None:
    if sys.argv[1:2] == ["--tables"]:
        write_pages(Path(sys.argv[2] if len(sys.argv) > 2 else "."))
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
