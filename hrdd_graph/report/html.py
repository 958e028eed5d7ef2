"""HTML: one self-contained page that can be read, printed and sent."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.report._document import footer, run_document
from hrdd_graph.report._shapes import FindingDocument

MEDIA_TYPE = "text/html"
BINARY = False


def write(run: Run, stream: BinaryIO) -> None:
    """Write the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("hrdd_graph.report", "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("gaps.html")
    document = run_document(run)
    by_rule: dict[str, list[FindingDocument]] = {}  # in the order of the findings: the gravest rules first
    for finding in document["findings"]:
        by_rule.setdefault(finding["rule"], []).append(finding)
    stream.write(page.render(document=document, by_rule=by_rule, footer=footer(run)).encode())
