"""The engines, each behind the same three steps: load a case, run its shapes, take in a change.

An engine is a class without arguments; its packages are imported where they are used, so that one that is missing
leaves the others alone. ``only`` names the shapes that it evaluates where these are not all.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pyoxigraph

from benchmarks.gaps.suites import Case, Outcome, short
from benchmarks.gaps.world import DAY
from hrdd_graph.gaps import incremental
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.finding import Finding, group_rows
from hrdd_graph.ontology import read_turtle
from hrdd_graph.reach.change import Change
from hrdd_graph.resources import open_resources
from hrdd_graph.rules import Rule, read_rules
from hrdd_graph.shacl import Compiled, Result, again, compile_shapes, read_shapes, revalidate, run
from hrdd_graph.shacl.hierarchy import SUBCLASSES, hierarchy_of
from hrdd_graph.shacl.run import results_of
from hrdd_graph.store import Answer, Rows, Scope, side_by_side
from hrdd_graph.terms import Term
from hrdd_graph.view import View

GAPS_OF_REFERENCE = frozenset(["G1", "G2-ev", "G3", "G4", "G5"])


class Engine(ABC):
    """The steps of an engine. ``package`` must be importable."""

    name: ClassVar[str]
    package: ClassVar[str]
    suites: ClassVar[tuple[str, ...]] = ("reference", "world")
    only: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def load(self, case: Case) -> None:
        """Take in the data, and the shapes where they are kept."""

    @abstractmethod
    def run(self) -> Iterable[Outcome]:
        """Every result of the shapes on the data as they are now; found when this returns, named perhaps later."""

    @abstractmethod
    def change(self, triples: str) -> None:
        """Add statements, in N-Triples."""

    def again(self) -> Iterable[Outcome]:
        """Every result after the change. A full run, where an engine knows nothing better."""
        return self.run()


class Plain:
    """An Oxigraph store whose default graph holds the data, behind the interface of our stores."""

    name = "bench"

    def __init__(self, store: pyoxigraph.Store) -> None:
        self.store = store

    def query(self, text: str, scope: Scope) -> Answer:
        return self.store.query(text)


class Ours(Engine):
    """The engine of this project on Oxigraph in memory."""

    name = "hrdd-graph, Oxigraph in memory"
    package = "pyoxigraph"

    def store(self) -> pyoxigraph.Store:
        return pyoxigraph.Store()

    def load(self, case: Case) -> None:
        self.case = case
        self.data = Plain(self.store())
        self.view = View(self.data, (), DAY)
        self.data.store.bulk_load(path=str(case.data), format=pyoxigraph.RdfFormat.N_TRIPLES)
        self.data.store.optimize()
        if case.suite == "world":
            self.catalogue = read_rules(open_resources())
            incremental.prepare(self.catalogue)
        else:
            self.prepared = self.shapes()
            again.prepare(self.prepared, hierarchy_of(self.view.select(SUBCLASSES).rows))

    def shapes(self) -> Compiled:
        """The shapes as read and compiled now."""
        compiled = compile_shapes(read_shapes(read_turtle(self.case.shapes)))
        if self.only:  # the shapes that have these, or are these
            own = {name.partition("-")[0] for name in self.only}
            compiled = replace(compiled, compiled=tuple(s for s in compiled.compiled if short(s.node.value) in own))
        return compiled

    def run(self) -> Iterable[Outcome]:
        if self.case.suite == "world":
            self.findings = [finding for found in side_by_side(self.found_by, self.catalogue) for finding in found]
            return (outcome for finding in self.findings for outcome in outcomes_of(finding))
        self.results = run(self.data, self.shapes())
        return map(outcome_of, self.results)

    def found_by(self, rule: Rule) -> list[Finding]:
        return group_rows(rule, self.view.select(compile_rule(rule).query(DAY)))

    def again(self) -> Iterable[Outcome]:
        if self.case.suite == "world":
            told = incremental.reevaluate(self.view, self.catalogue, self.findings, Change(self.added))
            return (outcome for finding in told.findings for outcome in outcomes_of(finding))
        return map(outcome_of, revalidate(self.data, self.prepared, self.results, Change(self.added)).results)

    def change(self, triples: str) -> None:
        quads = list(pyoxigraph.parse(triples, format=pyoxigraph.RdfFormat.N_TRIPLES))
        self.added = frozenset(quad.triple for quad in quads)
        self.data.store.extend(quads)


def outcome_of(result: Result) -> Outcome:
    value = short(result.value.value) if result.value is not None else ""
    return short(result.shape.value), short(result.focus.value), value


def outcomes_of(finding: Finding) -> Iterator[Outcome]:
    """A finding for each of its values; about the focus node itself where its rule selects none."""
    for value in finding.bindings.get("value", (finding.focus,)):
        yield finding.rule.name, short(finding.focus.value), short(value.value)


class OursOnDisk(Ours):
    name = "hrdd-graph, Oxigraph on disk"

    def store(self) -> pyoxigraph.Store:
        self.folder = tempfile.TemporaryDirectory(prefix="hrdd-bench-")
        return pyoxigraph.Store(self.folder.name)


class OursGapsOnly(Ours):
    """The rules that the floor also computes, to set beside it."""

    name = "hrdd-graph, the gap rules of the floor alone"
    only = GAPS_OF_REFERENCE
    suites = ("reference",)


class _Report(Engine):
    """An engine that answers with a report as an rdflib graph."""

    def read(self, report: Any) -> set[Outcome]:
        rdflib = import_module("rdflib")
        shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
        found = set()
        for node in report.subjects(rdflib.RDF.type, shacl.ValidationResult):
            shape, focus, value = (report.value(node, p) for p in (shacl.sourceShape, shacl.focusNode, shacl.value))
            found.add((short(str(shape)), short(str(focus)), "" if value is None else short(str(value))))
        return found


class PyshaclOnRdflib(_Report):
    name = "pySHACL on rdflib"
    package = "pyshacl"

    def graph(self) -> Any:
        return import_module("rdflib").Graph(bind_namespaces="none")

    def load(self, case: Case) -> None:
        self.shapes = self.graph_of(case.shapes)
        self.data = self.graph()
        self.data.parse(case.data, format="nt")

    def graph_of(self, path: Path) -> Any:
        return import_module("rdflib").Graph().parse(path, format="turtle")

    def run(self) -> set[Outcome]:
        _, report, _ = import_module("pyshacl").validate(self.data, shacl_graph=self.shapes, inplace=True)
        return self.read(report)

    def change(self, triples: str) -> None:
        self.data.parse(data=triples, format="nt")


class PyshaclOnOxigraph(PyshaclOnRdflib):
    name = "pySHACL on oxrdflib"
    package = "oxrdflib"

    def graph(self) -> Any:
        return import_module("rdflib").Graph(store="Oxigraph", bind_namespaces="none")


class _Files(_Report):
    """An engine that reads files each time; loading is part of the run."""

    def load(self, case: Case) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="hrdd-bench-")
        self.data = Path(self.folder.name) / "data.nt"
        shutil.copy(case.data, self.data)
        self.shapes = case.shapes

    def change(self, triples: str) -> None:
        with self.data.open("a", encoding="utf-8") as stream:
            stream.write(triples)


class Turbo(_Files):
    name = "pyshacl-turbo (with parsing)"
    package = "pyshacl_turbo"

    def run(self) -> set[Outcome]:
        _, report, _ = import_module(self.package).validate(
            str(self.data), shacl_graph=str(self.shapes), data_graph_format="nt", shacl_graph_format="turtle"
        )
        return self.read(report)


class Shifty(_Files):
    name = "pyshifty (with parsing)"
    package = "shifty"

    def run(self) -> set[Outcome]:
        _, report, _ = import_module(self.package).validate(str(self.data), str(self.shapes), infer=False)
        return self.read(report)


class Rudof(_Files):
    name = "pyrudof (with parsing)"
    package = "pyrudof"

    def run(self) -> set[Outcome]:
        pyrudof = import_module(self.package)
        session = pyrudof.Rudof(pyrudof.RudofConfig())
        session.read_data(str(self.data), format=pyrudof.RDFFormat.NTriples)
        session.read_shacl(str(self.shapes))
        found = set()
        for entry in session.validate_shacl():
            plain = (_plain(part) for part in (entry.source_shape, entry.focus_node, entry.value))
            shape, focus, value = plain
            found.add((shape, focus, value))
        return found


class Maplib(Engine):
    """Our queries on maplib, which keeps the data as columns in memory.

    It does not know two functions of SPARQL (0.20.26). In these shapes sameTerm compares addresses, so that ``=`` says
    the same, and isNUMERIC stands beside a test of the datatype.
    """

    name = "our queries on maplib (two functions replaced)"
    package = "maplib"
    replaced: ClassVar[Mapping[str, str]] = {r"sameTerm\((\S+), (\S+)\)": r"(\1 = \2)", r"isNUMERIC\(": "isLiteral("}

    def load(self, case: Case) -> None:
        self.case = case
        self.model = import_module(self.package).Model()
        self.model.read(str(case.data), format="ntriples")

    def run(self) -> set[Outcome]:
        found: set[Outcome] = set()
        if self.case.suite == "world":
            for rule in read_rules(open_resources()):
                rows = self.model.query(compile_rule(rule).query(DAY)).iter_rows(named=True)
                found |= {(rule.name, _plain(r["this"]), _plain(r.get("value", r["this"]))) for r in rows}
            return found
        compiled = compile_shapes(read_shapes(read_turtle(self.case.shapes)))
        checks = compiled.checks(hierarchy_of(self.rows(SUBCLASSES).rows))
        return {outcome_of(result) for check in checks for result in results_of(check, self.rows(check.text))}

    def rows(self, query: str) -> Rows:
        for unknown, instead in self.replaced.items():
            query = re.sub(unknown, instead, query)
        frame = self.model.query(query)
        return Rows(tuple(frame.columns), tuple(tuple(_term(cell) for cell in row) for row in frame.iter_rows()))

    def change(self, triples: str) -> None:
        self.model.reads(triples, format="ntriples")


class Floor(Engine):
    """The gap rules of the reference as bare joins of Polars: what no engine on this machine can hope to beat by much.

    Not SHACL and not SPARQL: each rule is written out by hand over a table of statements, numbers for names.
    """

    name = "floor: bare joins in Polars"
    package = "polars"
    only = GAPS_OF_REFERENCE
    suites = ("reference",)

    def load(self, case: Case) -> None:
        self.polars = import_module(self.package)
        rows = []
        with case.data.open(encoding="utf-8") as stream:
            rows = [line[:-3].split(" ", 2) for line in stream]
        frame = self.polars.DataFrame(rows, schema=["s", "p", "o"], orient="row")
        self.frame = frame.with_columns(self.polars.col("p").cast(self.polars.Categorical))
        self._index()

    def _index(self) -> None:
        names = self.frame["p"].unique().cast(self.polars.String)
        self.by = {name: self.frame.filter(self.polars.col("p") == name).select("s", "o") for name in names}

    def of(self, name: str, subject: str, value: str) -> Any:
        hr = "https://example.org/hrdd#"
        return self.by[f"<{hr}{name}>"].rename({"s": subject, "o": value})

    def where(self, name: str, subject: str, value: str) -> Any:
        return (
            self.of(name, subject, "v").filter(self.polars.col("v") == f"<https://example.org/hrdd#{value}>").drop("v")
        )

    def run(self) -> set[Outcome]:
        pl = self.polars
        day = f'"{DAY.isoformat()}"^^<http://www.w3.org/2001/XMLSchema#date>'
        kind = self.by["<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]
        done = self.where("remStatus", "r", "Completed").join(self.of("remediates", "r", "value"), on="r")
        open_ = self.of("attributedTo", "value", "this").join(done, on="value", how="anti")
        valid = self.where("standard", "c", "ISO14001").join(self.where("certStatus", "c", "Valid"), on="c")
        valid = valid.join(self.of("validUntil", "c", "u").filter(pl.col("u") >= day), on="c")
        holds = self.of("holdsCertificate", "this", "c")
        found = {"G1": open_.join(holds.join(valid, on="c"), on="this").select("this", "value")}
        abuses = kind.filter(pl.col("o") == "<https://example.org/hrdd#Abuse>").select(this="s")
        found["G2-ev"] = abuses.join(self.of("supports", "e", "this"), on="this", how="anti").with_columns(
            value=pl.lit("")
        )
        remedies = kind.filter(pl.col("o") == "<https://example.org/hrdd#Remediation>").select(this="s")
        late = remedies.join(self.where("remStatus", "this", "Completed"), on="this", how="anti")
        soon = self.of("dueDate", "this", "d").filter(pl.col("d") < day)
        found["G3"] = late.join(soon, on="this").select("this", value="this")
        social = self.where("standardScope", "standard", "SocialScope")
        issued = (
            self.of("standard", "c", "standard")
            .join(social, on="standard")
            .join(self.of("validFrom", "c", "vf"), on="c")
        )
        going = self.of("attributedTo", "value", "this").join(self.of("startDate", "value", "sd"), on="value")
        going = going.join(holds.join(issued, on="c"), on="this").filter(pl.col("sd") <= pl.col("vf"))
        ended = self.of("endDate", "value", "ed").join(going, on="value").filter(pl.col("ed") < pl.col("vf"))
        found["G5"] = going.join(ended, on=["value", "c"], how="anti").select("this", "value")
        found["G4"] = self._linked(open_)
        return {
            (shape, short(this.strip("<>")), short(value.strip("<>")))
            for shape, frame in found.items()
            for this, value in frame.select("this", "value").iter_rows()
        }

    def _linked(self, open_: Any) -> Any:
        """Buyers with a severe open abuse upstream that they have not answered: the closure step by step."""
        severe = open_.join(self.where("severity", "value", "Severe"), on="value").rename({"this": "f"})
        bought = self.of("sourcesFrom", "this", "f")
        reached = severe.join(bought, on="f").select("this", "value").unique()
        fresh = reached
        while fresh.height:
            onward = fresh.rename({"this": "f"}).join(bought, on="f").select("this", "value").unique()
            fresh = onward.join(reached, on=["this", "value"], how="anti")
            reached = self.polars.concat([reached, fresh])
        bound = reached.join(self.where("commitsTo", "this", "UNGP"), on="this")
        kind = self.by["<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]
        buyers = kind.filter(self.polars.col("o") == "<https://example.org/hrdd#Buyer>").select(this="s")
        answered = self.of("respondedTo", "this", "value")
        return bound.join(buyers, on="this").join(answered, on=["this", "value"], how="anti")

    def change(self, triples: str) -> None:
        rows = [line[:-2].split(" ", 2) for line in triples.splitlines()]
        added = self.polars.DataFrame(rows, schema=["s", "p", "o"], orient="row")
        added = added.with_columns(self.polars.col("p").cast(self.polars.Categorical))
        self.frame = self.polars.concat([self.frame, added])
        self._index()


def _term(cell: Any) -> Term | None:
    """A cell of a table of maplib as a term."""
    if cell is None:
        return None
    text = str(cell)
    if text.startswith("<"):
        return pyoxigraph.NamedNode(text[1:-1])
    return (
        pyoxigraph.BlankNode(text[2:])
        if text.startswith("_:")
        else pyoxigraph.Literal(cell if isinstance(cell, bool) else text)
    )


def _plain(value: Any) -> str:
    """A term as engines print it, without its brackets, quotes and datatype."""
    if value is None:
        return ""
    text = str(value)
    if text.startswith('"'):
        text = text[1 : text.rindex('"')]
    return short(text.strip("<>"))


def engines() -> list[type[Engine]]:
    """Every engine, in the order of the table."""
    return [
        Ours,
        OursOnDisk,
        Maplib,
        PyshaclOnRdflib,
        PyshaclOnOxigraph,
        Turbo,
        Rudof,
        Shifty,
        OursGapsOnly,
        Floor,
    ]
