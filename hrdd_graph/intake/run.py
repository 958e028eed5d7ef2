"""An import from beginning to end: rows in, outcomes out, and the good ones saved as a named graph, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.dates import bounds
from hrdd_graph.evidence.sheet import absolute
from hrdd_graph.intake.cells import Cleaner, slug
from hrdd_graph.intake.chunk import Chunk, Setting
from hrdd_graph.intake.known import Known
from hrdd_graph.intake.ledger import Ledger
from hrdd_graph.intake.links import Decisions, find_links
from hrdd_graph.intake.outcome import Result
from hrdd_graph.intake.outcomes import Outcomes
from hrdd_graph.intake.parties import named_parties
from hrdd_graph.intake.pipeline import chunks, done_with
from hrdd_graph.intake.profile import PLACEHOLDER, Column, Profile, SheetMap
from hrdd_graph.intake.reading import FACTS, about_sheet, parts_of
from hrdd_graph.intake.save import Aside, Description, Draft, Saved, n_quads, root_of
from hrdd_graph.intake.tables import Row
from hrdd_graph.kept_out import NO_NAMES, KeptOut
from hrdd_graph.matching.directory import Directory
from hrdd_graph.matching.names import legal_forms
from hrdd_graph.ontology import read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.scratch import scratch_folder
from hrdd_graph.view import EVERY_GRAPH

Progress = Callable[[int], None]


def run_import(
    profile: Profile,
    path: Path,
    resources: Resources,
    *,
    name: str | None = None,
    about: Mapping[str, str] | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    strict: bool = False,
    decisions: Decisions | None = None,
    restricted: bool = False,
    processes: int = 1,
    into: Path | None = None,
    readable: frozenset[str] = frozenset([EVERY_GRAPH]),
    kept_out: KeptOut = NO_NAMES,
    progress: Progress = lambda _: None,
) -> Result:
    """Import a table. ``about`` gives facts (``FACTS``) that its About sheet or profile lacks, or overrides them.

    ``strict`` saves nothing where a row is refused; ``restricted`` keeps the import from those who have no token for
    it, ``readable`` are those that its rows may point into. ``into`` is another folder to save in than that of imports.
    ``decisions`` are a person's on links, beside those that the import remembers; a row that has a name of ``kept_out``
    in one of its cells is refused. More ``processes`` are for
    programs without threads of their own. Raises ``UnusableInput`` where the file as a whole cannot be used; then
    nothing is written.
    """
    file = slug(path.stem)
    called = name or slug(_filled(profile.name_of_import, {"profile": profile.name, "file": file}))
    facts = {**profile.about, **about_sheet(path), **(about or {})}
    description = replace(_description(profile, called, facts, path), public=not (restricted or profile.restricted))
    saved = Saved(into or resources.imports, called)
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    known = Known(resources, vocabulary, saved, description, readable)
    cleaner = Cleaner(known.lists, called)
    built_in = {key: (facts[key],) if facts.get(key) else () for key in FACTS}
    built_in |= {"import": (called,), "file": (path.name,)}
    issued = bounds(description.issued)
    forms = legal_forms(resources.data)
    parties = list(named_parties(profile, path, encoding, vocabulary, cleaner, built_in, forms))
    told = {**saved.aside().decisions, **(decisions or {})}
    links = find_links(parties, known.parties(forms) if parties else Directory((), forms), forms, told)
    setting = Setting(path, resources, vocabulary, known, cleaner, description.graph, description.source,
                      profile.status, issued, built_in, called, links.target, kept_out)  # fmt: skip
    outcomes = Outcomes()
    unused: list[str] = []
    statements = 0
    with (
        scratch_folder() as folder,
        closing(Ledger.begun(folder, saved.quads())) as ledger,
        Draft() as draft,
    ):

        def keep(records: Mapping[str, bytes]) -> int:
            lines = b"".join(records.values())
            if not dry_run:
                draft.write(lines)
            return lines.count(b"\n")

        source = done_with(
            Chunk([Row("", 1, {"source": "source"})], _source_sheet(profile), setting, ledger, alone=True)
        )
        if source.outcomes[0].reasons:
            raise UnusableInput.one(path, f"cannot be described: {source.outcomes[0].reasons[0]}", fix="See --about.")
        known.remember(source.kinds)
        statements += keep(source.records)
        for part in parts_of(profile, path, encoding):
            unused += [header for header in part.headers if not part.sheet.uses(header)]
            for done in chunks(part, setting, ledger, processes):
                statements += keep(done.records)
                outcomes.add(done.outcomes)
                progress(len(outcomes))
        if not outcomes:
            raise UnusableInput.one(path, "holds no rows.", fix="Fill in a row below the header.")
        kept = set(ledger.left()) - {absolute(description.source)}
        says_something = bool(kept) or not ledger.is_silent
        result = Result(description.graph, outcomes, len(kept), statements, tuple(dict.fromkeys(unused)), links.found)
        if dry_run or (strict and result.counts["refused"]) or not says_something:
            return result
        for line in n_quads((quad for quad in saved.quads() if root_of(quad.subject) in kept), description.graph):
            draft.write(line)
        addresses = {absolute(party.id): party.features.address for party in parties if party.features.address}
        where = saved.keep(draft, description, Aside({**saved.aside().addresses, **addresses}, told))
    return replace(result, saved=where)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def _description(profile: Profile, called: str, facts: Mapping[str, str], path: Path) -> Description:
    needed = {"title": "a title", "issued": "the day by which it was public", "licence": "the address of its licence"}
    have = {**facts, "licence": facts.get("licence") or profile.licence}
    lacking = [key for key in needed if not have.get(key)]
    if lacking:
        what = f"does not say {'; '.join(f'{key}: {needed[key]}' for key in lacking)}."
        given = " ".join(f"--about {key}=..." for key in lacking)
        raise UnusableInput.one(path, what, fix=f"Write it in the sheet About of a workbook, or give {given}.")
    try:
        bounds(have["issued"])
    except ValueError as error:
        raise UnusableInput.one(path, f"says issued: {error}", fix="Write it as 2026-11-20 or 2026.") from error
    if not have["licence"].startswith(("http://", "https://")) or set(have["licence"]) & set(' <>"{}|\\^`\n'):
        fix = "Write an address such as https://creativecommons.org/licenses/by/4.0/."
        raise UnusableInput.one(path, f'says licence: "{have["licence"]}" is no address.', fix=fix)
    source = f"source/{called}"
    return Description(called, have["title"], f"Imported from {path.name} with the profile {profile.name}.",
                       have["licence"], have["issued"], absolute(source))  # fmt: skip


def _source_sheet(profile: Profile) -> SheetMap:
    """The source as a sheet of one row."""
    return SheetMap("", {"source": Column("source", ("source",))}, "source", (profile.source,))
