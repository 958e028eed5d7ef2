"""How long reports take as PDF: by Typst, as ``hrdd report`` prints them, and by WeasyPrint from the HTML page.

    python benchmarks/printing.py [DAY]

Prints a Markdown table: the processor's seconds, the most memory and the pages of each, every one in a process of its
own, starting and imports included. WeasyPrint is measured where it is installed (``pip install weasyprint``; it needs
Pango).
"""

from __future__ import annotations

import io
import os
import platform
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from pypdf import PdfReader

from hrdd_graph.build import build
from hrdd_graph.dossier.ask import Question, report_on
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.writers.html import page_of
from hrdd_graph.dossier.writers.pdf import said
from hrdd_graph.ontology import read_vocabulary
from hrdd_graph.resources import open_resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import open_view

ROOT = Path(__file__).resolve().parent.parent
REPORTS = (
    ("firm", "ifc"),
    ("firm", "mineria-yanacocha"),
    ("country", "PE"),
    ("regime", "norway-transparency-act"),
    ("regime", "germany-lksg"),
)
# The most memory is read by the process itself: what the system tells of an ended one counts its parent's in.
TELLS = "import atexit, sys; atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read()));"
TYPST = (
    f"{TELLS} import runpy; sys.argv = ['', '8192'];"
    "runpy.run_module('hrdd_graph.dossier.writers.pdf', None, '__main__')"
)
WEASYPRINT = (
    f"{TELLS} from weasyprint import HTML;"
    "sys.stdout.buffer.write(HTML(string=sys.stdin.read()).write_pdf(pdf_tags=True))"
)


@dataclass(frozen=True)
class Cost:
    """What one process needed: seconds of the processor, MiB at the most, and what it printed."""

    seconds: float
    mebibytes: float
    pages: int
    kilobytes: float


def cost(program: str, given: str) -> Cost:
    """Run a program that reads a text and writes a PDF."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", program], input=given.encode(), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = re.findall(r"VmHWM:\s+(\d+) kB", done.stderr.decode())
    pages = len(PdfReader(io.BytesIO(done.stdout)).pages)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, int(told[-1]) / 1024, pages, len(done.stdout) / 1000)


def row(found: Cost) -> str:
    return f"{found.seconds:.1f} | {found.mebibytes:.0f} | {found.pages} | {found.kilobytes:.0f}"


def main() -> None:
    day = date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else date(2026, 11, 20)
    engines = {"Typst": TYPST} | ({"WeasyPrint": WEASYPRINT} if find_spec("weasyprint") else {})
    resources = open_resources(ROOT)
    store = EmbeddedStore.in_memory()
    build(resources, store)
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    question = Question(open_view(store, as_of=day), read_rules(resources), vocabulary)

    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f} before\n")
    columns = "".join(f" {name}: s | MiB | pages | kB |" for name in engines)
    print(f"| report | findings |{columns}\n|---|---|{'---|' * 4 * len(engines)}")
    for kind, name in REPORTS:
        dossier = report_on(question, kind, name)
        given = {"Typst": said(paper_of(dossier)), "WeasyPrint": page_of(dossier)}
        costs = " | ".join(row(cost(program, given[engine])) for engine, program in engines.items())
        print(f"| {kind} {name} | {len(dossier.entries)} | {costs} |", flush=True)


if __name__ == "__main__":
    main()
