"""PDF: the page of ``html``, printed by WeasyPrint; docs/decisions says how it was chosen."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from typing import Any, BinaryIO

from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.writers.html import page_of
from hrdd_graph.errors import UnusableInput

MEDIA_TYPE = "application/pdf"
BINARY = True


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the file; nothing is fetched for it."""
    stream.write(printed(page_of(dossier)))


def printed(page: str) -> bytes:
    """A page as PDF, tagged for screen readers; equal pages give equal bytes where the fonts are the same."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError as error:
        raise missing("WeasyPrint", "pdf") from error
    except OSError as error:
        raise UnusableInput.one(
            "--format pdf",
            "needs Pango, which is not on this machine.",
            fix="Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Or choose html.",
        ) from error

    _keep_page_references()
    # What the style sheet says for screens is no news to whoever prints.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    source = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=()))
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    made: bytes = source.write_pdf(pdf_tags=True, pdf_identifier=identifier)
    return made


@cache
def _keep_page_references() -> None:
    """Let pydyf list the pages of a document once, and not again for each of the tags on each of them.

    With 270 pages and 64,000 tags that took a fifth of the time of printing.
    """
    from pydyf import PDF

    listed = PDF.page_references.fget

    def kept(document: Any) -> tuple[bytes, ...]:
        known: tuple[int, tuple[bytes, ...]] = document.__dict__.get("_kept_references", (-1, ()))
        count = len(document.pages["Kids"])
        if known[0] != count:
            known = document.__dict__["_kept_references"] = (count, listed(document))
        return known[1]

    PDF.page_references = property(kept)


def missing(package: str, form: str) -> UnusableInput:
    """The problem that a package for a format is not installed."""
    return UnusableInput.one(
        f"--format {form}", f"needs {package}, which is not installed.", fix="pip install 'hrdd-graph[report]'"
    )


if __name__ == "__main__":  # a process of its own: the page comes in, the PDF goes out
    import sys

    try:
        sys.stdout.buffer.write(printed(sys.stdin.buffer.read().decode()))
    except UnusableInput as error:
        sys.exit(str(error))
