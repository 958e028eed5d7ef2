"""PDF: the page of ``html``, printed by WeasyPrint. See docs/decisions on how it was chosen."""

from __future__ import annotations

import logging
from typing import BinaryIO

from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.writers.html import page_of
from hrdd_graph.errors import UnusableInput

MEDIA_TYPE = "application/pdf"
BINARY = True


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the file; nothing is fetched for it."""
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

    # What the style sheet says for screens is no news to whoever prints.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    page = HTML(string=page_of(dossier), url_fetcher=URLFetcher(allowed_protocols=()))
    stream.write(page.write_pdf(pdf_tags=True, pdf_identifier=dossier.digest.encode()))


def missing(package: str, form: str) -> UnusableInput:
    """The problem that a package for a format is not installed."""
    return UnusableInput.one(
        f"--format {form}", f"needs {package}, which is not installed.", fix="pip install 'hrdd-graph[report]'"
    )
