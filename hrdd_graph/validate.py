"""Checking files before a build or an import does: case sheets, waivers, rules, templates, import profiles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hrdd_graph.build import Contents, broken_records, dangling_names, read_contents
from hrdd_graph.catalog import GraphEntry
from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.evidence.yaml_tree import Sequence, read_yaml
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.waivers import read_waivers
from hrdd_graph.intake.profile_file import FILE, profile_of
from hrdd_graph.intake.run import run_import
from hrdd_graph.ontology import Vocabulary, read_turtle, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rule, read_rules
from hrdd_graph.templates import read_template

_MOST_TOLD = 10  # refused rows of an example


def validate_file(path: Path, resources: Resources) -> str:
    """Check one file by its kind. Returns a line that says what was checked; raises ``UnusableInput`` otherwise."""
    if not path.is_file():
        raise UnusableInput.one(
            path, "is not a file.", fix="Name a case sheet, waivers, a rule, a template, a profile or Turtle."
        )
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    if path.suffix in (".yaml", ".yml") and isinstance(read_yaml(path), Sequence):
        found = read_waivers(path, (rule.name for rule in read_rules(resources)))
        return f"{path}: {len(found)} waivers, no problem found"
    if path.name == FILE:
        return _validate_profile(path, resources)
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


def _validate_profile(path: Path, resources: Resources) -> str:
    """A profile is right where its example, read by it, gives the rows that it expects."""
    profile = profile_of(path)
    if profile.example is None:
        fix = "Put a small file of the kind that it reads beside it, named example and its ending."
        raise UnusableInput.one(path, "has no example.", fix=fix)
    result = run_import(profile, profile.example, resources, about=profile.example_about, dry_run=True)
    found = {state: count for state, count in result.counts.items() if count}
    if found != profile.expected:
        wanted, gets = map(_counted, (profile.expected, found))
        what = f"expects {wanted} of {profile.example.name} and gets {gets}."
        told = [f"Row {outcome.row}: {reason}" for outcome in result.outcomes for reason in outcome.reasons]
        raise UnusableInput.one(path, " ".join([what, *told[:_MOST_TOLD]]), fix="Mend it, or what is expected.")
    return f"{path}: a profile that reads its example as expected: {_counted(found)}"


def _counted(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in rows.items()) or "nothing"


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
