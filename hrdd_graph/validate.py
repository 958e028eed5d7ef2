"""Checking files before a build does: case sheets against ontology and record shapes, waivers, rules, templates."""

from __future__ import annotations

from pathlib import Path

from hrdd_graph.build import Contents, broken_records, dangling_names, read_contents
from hrdd_graph.catalog import GraphEntry
from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.evidence.yaml_tree import Sequence, read_yaml
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.waivers import read_waivers
from hrdd_graph.ontology import Vocabulary, read_turtle, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rule, read_rules
from hrdd_graph.templates import read_template


def validate_file(path: Path, resources: Resources) -> str:
    """Check one file by its kind. Returns a line that says what was checked; raises ``UnusableInput`` otherwise."""
    if not path.is_file():
        raise UnusableInput.one(path, "is not a file.", fix="Name a case sheet, waivers, a rule, a template or Turtle.")
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    if path.suffix in (".yaml", ".yml") and isinstance(read_yaml(path), Sequence):
        found = read_waivers(path, (rule.name for rule in read_rules(resources)))
        return f"{path}: {len(found)} waivers, no problem found"
    if path.suffix in (".yaml", ".yml"):
        return _validate_sheet(path, resources, vocabulary)
    if path.suffix == ".rq":
        template = read_template(path)
        return f"{path}: a template with {len(template.parameters)} parameters"
    if path.suffix == ".ttl" and "hrdd:GapRule" in path.read_text(encoding="utf-8", errors="replace"):
        compile_rule(read_rule(path))
        return f"{path}: a gap rule that compiles"
    if path.suffix == ".ttl":
        return f"{path}: {len(read_turtle(path))} statements of Turtle"
    raise UnusableInput.one(
        path, f"is of a kind ({path.suffix or 'no ending'}) that is not known.", fix="Use .yaml, .ttl or .rq."
    )


def _validate_sheet(path: Path, resources: Resources, vocabulary: Vocabulary) -> str:
    sheet = read_sheet(path, vocabulary)
    read = read_contents(resources, vocabulary)
    public = all(
        c.entry.public for c in read if c.entry.graph == sheet.graph
    )  # what is in no catalogue is for everybody
    entry = GraphEntry(sheet.graph, path.stem, "", public, path=path)
    mine = Contents(entry, tuple(sheet.quads()), sheet.lines)
    others = [c for c in read if c.entry.graph != sheet.graph]
    contents = [mine, *others]
    found = (*dangling_names(contents, vocabulary), *broken_records(contents, vocabulary, resources))
    problems = [problem for problem in found if problem.where == str(path)]
    if problems:
        raise UnusableInput(problems)
    return f"{path}: {len(sheet.lines)} nodes, {len(mine.quads)} statements, no problem found"
