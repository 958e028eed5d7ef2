"""A run on record: what was asked, on which data, by which rules, and what was found. Small, canonical, comparable.

A record is one JSON object with a finding on each line, sorted, so that the same run gives the same bytes and two
records of a folder under version control can be read side by side.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hrdd_graph import __version__
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.namespaces import PREFIXES, compact, expand
from hrdd_graph.rules import SEVERITY_ORDER, Rule
from hrdd_graph.terms import Iri, Term, sparql_text
from hrdd_graph.view import View

FORMAT = "hrdd-run/1"
_FIX = "Name a file that `hrdd gaps --record FILE` wrote."


@dataclass(frozen=True)
class RecordedFinding:
    """One finding of a recorded run.

    ``about`` holds the identifying variables with their values, as addresses or N-Triples literals; ``records`` and
    ``graphs`` are the addresses of the records that it rests on and of the named graphs that state these; ``message``
    is the first sentence of its message. The file has short forms of the addresses (``id:abuse/x``).
    """

    finding: str
    rule: str
    focus: str
    severity: str
    message: str
    about: Mapping[str, tuple[str, ...]]
    records: tuple[str, ...]
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class RecordedRule:
    """A rule as it was when it ran: its version, and a digest of what it asks (labels and messages do not count)."""

    version: str
    digest: str


@dataclass(frozen=True)
class RecordedRun:
    """A run that can be compared with another: its day, state of knowledge, data, rules and findings."""

    as_of: date
    known_on: date | None
    graph_digest: str
    graphs: Mapping[str, str]
    rules: Mapping[str, RecordedRule]
    findings: Mapping[str, RecordedFinding]
    software: str = f"hrdd-graph {__version__}"
    name: str = "this run"

    def text(self) -> str:
        """The run as the text of its file; equal runs give equal bytes."""
        head: dict[str, Any] = {
            "format": FORMAT,
            "software": self.software,
            "asOf": self.as_of.isoformat(),
            "knownOn": self.known_on.isoformat() if self.known_on else None,
            "graphDigest": self.graph_digest,
            "graphs": {compact(graph): digest for graph, digest in sorted(self.graphs.items())},
            "rules": {name: vars(rule) for name, rule in sorted(self.rules.items())},
        }
        lines = [f" {json.dumps(key)}: {_one_line(value)}," for key, value in head.items()]
        found = ",\n".join("  " + _one_line(_document(f)) for _, f in sorted(self.findings.items()))
        return "\n".join(["{", *lines, ' "findings": [', *([found] if found else []), " ]", "}"]) + "\n"


def record_of(run: Run) -> RecordedRun:
    """The record of a run. Its messages are in the language of the run."""
    view = run.view
    homes = _homes(view, {place.record for finding in run.findings for place in run.sources(finding)})
    return RecordedRun(
        as_of=view.as_of,
        known_on=view.known_on,
        graph_digest=view.digest,
        graphs={entry.graph: entry.digest for entry in view.entries},
        rules={rule.name: RecordedRule(rule.version, _rule_digest(rule)) for rule in run.rules},
        findings={finding.iri: _recorded(run, finding, homes) for finding in run.findings},
    )


def read_record(path: Path) -> RecordedRun:
    """Read a recorded run from its file. Raises ``UnusableInput`` where the file is none, or is broken."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix=_FIX) from error
    except UnicodeDecodeError as error:
        raise UnusableInput.one(path, "is not UTF-8.", fix=_FIX) from error
    except json.JSONDecodeError as error:
        raise UnusableInput.one(path, f"is not JSON: {error.msg}.", line=error.lineno, fix=_FIX) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UnusableInput.one(path, f'is no recorded run: it does not say "format": "{FORMAT}".', fix=_FIX)
    try:
        return RecordedRun(
            as_of=date.fromisoformat(document["asOf"]),
            known_on=date.fromisoformat(document["knownOn"]) if document["knownOn"] else None,
            graph_digest=document["graphDigest"],
            graphs={expand(graph): str(digest) for graph, digest in document["graphs"].items()},
            rules={name: RecordedRule(**rule) for name, rule in document["rules"].items()},
            findings={found.finding: found for found in map(_read_finding, document["findings"])},
            software=document["software"],
            name=path.name,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnusableInput.one(path, f"is a broken record of a run: {error!r}.", fix=_FIX) from error


def _read_finding(found: Mapping[str, Any]) -> RecordedFinding:
    if found["severity"] not in SEVERITY_ORDER:
        raise ValueError(f"the severity {found['severity']} is none of {', '.join(SEVERITY_ORDER)}")
    address = expand(found["finding"])
    if not address.startswith(f"{PREFIXES['finding']}{found['rule']}/"):
        raise ValueError(f"{address} is no finding of {found['rule']}")
    return RecordedFinding(
        finding=address,
        rule=found["rule"],
        focus=expand(found["focus"]),
        severity=found["severity"],
        message=found["message"],
        about={name: tuple(map(expand, terms)) for name, terms in found["about"].items()},
        records=tuple(map(expand, found["records"])),
        graphs=tuple(map(expand, found["graphs"])),
    )


def _recorded(run: Run, finding: Finding, homes: Mapping[str, frozenset[str]]) -> RecordedFinding:
    places = run.sources(finding)
    records = sorted({place.record for place in places if not place.mention} or {place.record for place in places})
    return RecordedFinding(
        finding=finding.iri,
        rule=finding.rule.name,
        focus=_written(finding.focus),
        severity=finding.severity,
        message=run.message(finding).partition(". ")[0].removesuffix(".") + ".",
        about={n: tuple(_written(t) for t in finding.bindings.get(n, ())) for n in sorted(finding.rule.identifying)},
        records=tuple(records),
        graphs=tuple(sorted({graph for record in records for graph in homes.get(record, ())})),
    )


def _document(found: RecordedFinding) -> dict[str, Any]:
    return {
        "finding": compact(found.finding),
        "rule": found.rule,
        "focus": compact(found.focus),
        "severity": found.severity,
        "message": found.message,
        "about": {name: [compact(term) for term in terms] for name, terms in found.about.items()},
        "records": [compact(record) for record in found.records],
        "graphs": [compact(graph) for graph in found.graphs],
    }


def _homes(view: View, records: set[str]) -> dict[str, frozenset[str]]:
    """For each record, or thing that a record mentions, the named graphs that say so."""
    if not records:
        return {}
    values = " ".join(sorted(sparql_text(Iri(record)) for record in records))
    rows = view.select(
        f"""PREFIX hrdd: <{PREFIXES["hrdd"]}> SELECT DISTINCT ?thing ?graph WHERE {{
          VALUES ?thing {{ {values} }}
          GRAPH ?graph {{ {{ ?thing hrdd:statedIn ?source }} UNION {{ ?record hrdd:mentions ?thing }} }} }}"""
    )
    homes: dict[str, set[str]] = defaultdict(set)
    for thing, graph in rows.rows:
        if thing is not None and graph is not None:
            homes[thing.value].add(graph.value)
    return {thing: frozenset(graphs) for thing, graphs in homes.items()}


def _rule_digest(rule: Rule) -> str:
    asked = [rule.select, rule.severity, rule.impact, *rule.identifying]
    asked += [f"{target.kind} {target.value} {target.select}" for target in rule.targets if target.kind != "target"]
    asked += [target.select for target in rule.targets if target.kind == "target"]
    return hashlib.sha256(chr(31).join(asked).encode()).hexdigest()[:16]


def _written(term: Term) -> str:
    return term.value if isinstance(term, Iri) else str(term)


def _one_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
