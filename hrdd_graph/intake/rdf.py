"""RDF that speaks the ontology already: checked as a whole by the record and release shapes, and kept in its own graph.

There are no rows here that could be refused one by one: one problem keeps the whole file out. Claims of other graphs,
and things that they describe, cannot be described again; a file points to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.evidence.dates import bounds
from hrdd_graph.facts import Facts
from hrdd_graph.intake.cells import slug
from hrdd_graph.intake.outcome import Outcome, Reason, Result
from hrdd_graph.intake.save import Description, Saved, n_quads, root_of, state_of
from hrdd_graph.namespaces import HRDD, RDFS, compact
from hrdd_graph.resources import Resources
from hrdd_graph.submissions.checking import check
from hrdd_graph.submissions.letter import Letter
from hrdd_graph.submissions.reading import read
from hrdd_graph.terms import Iri
from hrdd_graph.view import EVERY_GRAPH

NAME = "rdf"  # which stands for a profile on the command line
MEDIA_TYPES = {".ttl": "text/turtle", ".nt": "application/n-triples", ".jsonld": "application/ld+json"}
MOST_BYTES = 64 * 1024 * 1024


def import_rdf(
    path: Path,
    resources: Resources,
    *,
    name: str | None = None,
    about: Mapping[str, str] | None = None,
    dry_run: bool = False,
    restricted: bool = False,
) -> Result:
    """Import a file. ``about`` gives the licence, and title and issued where the file's own source has none.

    Raises ``UnusableInput`` with every problem; then nothing is written. What an earlier import of the name had and the
    file does not say is kept, as with tables.
    """
    called = name or slug(path.stem)
    readable = frozenset([EVERY_GRAPH]) if restricted else frozenset[str]()
    quads = read(_content(path), _media_type(path), called, Letter(), resources, readable).quads
    facts = Facts(quads)
    source = next(iter(sorted(facts.of_type(HRDD.Source), key=str)), None)
    if not isinstance(source, Iri):
        raise UnusableInput.one(path, "describes no source.", fix="Say whose claims these are: a hrdd:Source.")
    given = {
        "title": facts.text(source, RDFS.label),
        "issued": facts.text(source, HRDD.issued),
        **{key: value for key, value in (about or {}).items() if value},
    }
    description = _description(path, called, given, source, restricted)
    saved = Saved(resources.imports, called)
    found = check(quads, description.graph, resources, resources.imports, lambda _: False, readable)
    problems = [
        Problem(str(path), 0, compact(address), "is described by another graph already.", "Point to it from a record.")
        for address in found.shared
    ]
    if not restricted:
        problems += [Problem(str(path), 0, remark.about, remark.what, remark.fix) for remark in found.withheld]
    if problems:
        raise UnusableInput(problems)
    before, now = state_of(saved.quads()), state_of(quads)
    advice: dict[str, list[Reason]] = {}
    for remark in found.advice:
        advice.setdefault(remark.about.partition("#")[0], []).append(Reason("", remark.what, remark.fix))
    outcomes = []
    for number, root in enumerate(sorted(now), start=1):
        state = "new" if root not in before else "unchanged" if before[root] == now[root] else "changed"
        short = compact(root)
        outcomes.append(Outcome("", number, short, state, root, (), tuple(advice.get(short, ()))))
    kept = [quad for quad in saved.quads() if root_of(quad.subject) not in now]
    result = (description.graph, tuple(outcomes), len({root_of(quad.subject) for quad in kept}), len(quads))
    lines = n_quads([*quads, *kept], description.graph)
    return Result(*result, saved=None if dry_run else saved.replace(lines, description, saved.aside()))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            what = f"is larger than {MOST_BYTES // 2**20} MB."
            raise UnusableInput.one(path, what, fix="Cut it into several files.")
        return path.read_bytes()
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error


def _media_type(path: Path) -> str:
    if path.suffix.lower() not in MEDIA_TYPES:
        fix = f"Name a file that ends in {', '.join(MEDIA_TYPES)}."
        raise UnusableInput.one(path, "is in no form of RDF that is read.", fix=fix)
    return MEDIA_TYPES[path.suffix.lower()]


def _description(path: Path, called: str, given: Mapping[str, str], source: Iri, restricted: bool) -> Description:
    for key, meaning in (("title", "a title"), ("issued", "the day by which it was public"), ("licence", "a licence")):
        if not given.get(key):
            raise UnusableInput.one(path, f"does not say {key}: {meaning}.", fix=f"Give --about {key}=...")
    try:
        bounds(given["issued"])
    except ValueError as error:
        raise UnusableInput.one(path, f"says issued: {error}", fix="Write it as 2026-11-20 or 2026.") from error
    if not given["licence"].startswith(("http://", "https://")) or set(given["licence"]) & set(' <>"{}|\\^`\n'):
        fix = "Write an address such as https://creativecommons.org/licenses/by/4.0/."
        raise UnusableInput.one(path, f'says licence: "{given["licence"]}" is no address.', fix=fix)
    text = f"Imported from {path.name}, which is RDF."
    return Description(
        called, given["title"], text, given["licence"], given["issued"], source.value, public=not restricted
    )
