"""From a run and a view to the document: a pure function of both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hrdd_graph import __version__
from hrdd_graph.dossier.model import Dossier, Entry, Graph, LeftOut, Named, Place, Record, Reply, RuleNote, Supplier
from hrdd_graph.dossier.norms import norms_of
from hrdd_graph.dossier.records import records_of
from hrdd_graph.dossier.subject import Subject
from hrdd_graph.dossier.surroundings import Around, around
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.gaps.sources import Cited
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import sparql_prologue
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.rules import SEVERITY_ORDER
from hrdd_graph.terms import Iri, sparql_text
from hrdd_graph.view import View


def compose(
    run: Run,
    subject: Subject,
    vocabulary: Vocabulary,
    suppliers: Sequence[Supplier] = (),
    beyond: int = 0,
    left_out: LeftOut | None = None,
) -> Dossier:
    """The audit file of a run that was narrowed to the subject: the gravest findings first, each with a number."""
    ties = _ties(run, subject)
    own = _own(run, subject, ties)
    ordered = sorted(run.findings, key=lambda finding: _place(run, finding, finding.iri in own))
    sources = {finding.iri: run.sources(finding) for finding in ordered}
    cited = [place.record for finding in ordered for place in sources[finding.iri] if not place.mention]
    register = records_of(run.view, cited, vocabulary, run.language)
    near = [term.value for f in ordered if f.iri in own or subject.kind != "firm" for term in f.terms() if _ours(term)]
    beside = around(run.view, subject, near, run.language)
    say = labels_for(
        run.view,
        {Iri(rule_iri) for rule in run.rules for rule_iri in rule.provisions}
        | {Iri(place.source) for places in sources.values() for place in places}
        | {Iri(finding.impact) for finding in ordered if finding.impact}
        | {finding.focus for finding in ordered},
        run.language,
    )

    def named(iri: str) -> Named:
        return Named(iri, say(Iri(iri)))

    entries = tuple(
        _entry(run, finding, number, finding.iri in own, sources[finding.iri], register, beside.replies, named)
        for number, finding in enumerate(ordered, start=1)
    )
    numbers: dict[str, tuple[int, ...]] = {}
    for entry in (each for each in entries if each.own):  # what others owe is no duty of the subject
        for provision in entry.provisions:
            numbers[provision.iri] = (*numbers.get(provision.iri, ()), entry.number)
    laws = frozenset(thing.iri for thing in subject.things) if subject.kind == "regime" else frozenset()
    found = Counter(finding.rule.name for finding in ordered)
    view = run.view
    return Dossier(
        kind=subject.kind,
        title="; ".join(thing.label for thing in subject.things) if subject.kind != "portfolio" else "",
        subjects=subject.things,
        unnamed=subject.unnamed,
        language=run.language,
        as_of=view.as_of,
        known_on=view.known_on,
        digest=view.digest,
        software=f"hrdd-graph {__version__}",
        formula=run.ranking.weights.formula,
        entries=entries,
        register=tuple(register.values()),
        replies=beside.replies,
        looked=beside.looked,
        absences=beside.absences,
        disputes=beside.disputes,
        norms=norms_of(view, numbers, {*register, *beside.nodes}, run.language, laws),
        rules=tuple(
            RuleNote(
                rule.name,
                rule.version,
                rule.text("label", run.language),
                rule.text("definition", run.language),
                rule.text("advice", run.language),
                tuple(named(iri) for iri in rule.provisions),
                found[rule.name],
            )
            for rule in run.rules
        ),
        graphs=_graphs(view, register, beside),
        suppliers=_linked(suppliers, ordered, ties),
        beyond=beyond,
        left_out=left_out,
        receipt=run.receipt.token if run.receipt else "",
    )


def _ties(run: Run, subject: Subject) -> frozenset[tuple[str, str]]:
    """What findings are about, with the parties of the subject that made it, or are involved in it, or are it."""
    focus = " ".join(sorted({sparql_text(f.focus) for f in run.findings if isinstance(f.focus, Iri)}))
    wanted = " ".join(map(sparql_text, subject.iris))
    if subject.facet != "party" or not focus or not wanted:
        return frozenset()
    rows = run.view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?focus ?wanted WHERE {{ VALUES ?focus {{ {focus} }} "
        f"VALUES ?wanted {{ {wanted} }} ?focus hrdd:madeBy|hrdd:hasInvolvement/hrdd:ofParty ?wanted }}"
    )
    tied = {(row[0].value, row[1].value) for row in rows.rows if row[0] is not None and row[1] is not None}
    return frozenset(tied | {(iri.value, iri.value) for iri in subject.iris})


def _own(run: Run, subject: Subject, ties: frozenset[tuple[str, str]]) -> frozenset[str]:
    """The findings that are about the subject itself: it, its commitments, or an impact that it is involved in.

    Every finding of a place or a law is about it in this sense.
    """
    about = {focus for focus, _ in ties}
    return frozenset(f.iri for f in run.findings if subject.facet != "party" or f.focus.value in about)


def _place(run: Run, finding: Finding, own: bool) -> tuple[object, ...]:
    """What is about the subject first, then by severity, then by the rank of the impact."""
    salience = run.salience(finding)
    rank = salience.rank if salience else 10**9
    return (not own, SEVERITY_ORDER.index(finding.severity), rank, finding.sort_key)


def _entry(
    run: Run,
    finding: Finding,
    number: int,
    own: bool,
    places: Sequence[Cited],
    register: Mapping[str, Record],
    replies: Iterable[Reply],
    named: object,
) -> Entry:
    assert callable(named)
    rule = finding.rule
    records = {place.record: register[place.record] for place in places if place.record in register}
    mentions = {(place.source, place.locator) for place in places if place.mention}
    about = {term.value for term in finding.terms()}
    return Entry(
        number=number,
        iri=finding.iri,
        rule=rule.name,
        version=rule.version,
        label=rule.text("label", run.language),
        severity=finding.severity,
        raised=rule.severity if finding.severity != rule.severity else "",
        focus=named(finding.focus.value),
        own=own,
        sentence=run.message(finding),
        records=tuple(records.values()),
        mentions=tuple(Place(named(source), locator) for source, locator in sorted(mentions)),
        provisions=tuple(named(iri) for iri in rule.provisions),
        settled_by=rule.text("settled_by", run.language),
        replies=tuple(reply for reply in replies if about & {thing.iri for thing in reply.to}),
        waiver=run.waiver(finding),
        impact=named(finding.impact) if finding.impact else None,
        salience=run.salience(finding),
    )


def _linked(
    suppliers: Iterable[Supplier], ordered: Sequence[Finding], ties: frozenset[tuple[str, str]]
) -> tuple[Supplier, ...]:
    """The lines with the numbers of the findings that name, or are about, the party which is surely meant."""
    parties: dict[str, set[str]] = defaultdict(set)
    for focus, party in ties:
        parties[focus].add(party)
    by_party: dict[str, list[int]] = defaultdict(list)
    for number, finding in enumerate(ordered, start=1):
        for iri in {term.value for term in finding.terms()} | parties[finding.focus.value]:
            by_party[iri].append(number)
    return tuple(
        replace(supplier, findings=tuple(by_party[supplier.matches[0].thing.iri]))
        if supplier.state == "sure"
        else supplier
        for supplier in suppliers
    )


def _graphs(view: View, register: Mapping[str, Record], beside: Around) -> tuple[Graph, ...]:
    """The data graphs of the view, and which of them the file draws on."""
    names = " ".join(
        sorted(sparql_text(Iri(iri)) for iri in {*register, *(reply.thing.iri for reply in beside.replies)})
    )
    used = set()
    if names:
        rows = view.select(
            f"SELECT DISTINCT ?graph WHERE {{ VALUES ?record {{ {names} }} GRAPH ?graph {{ ?record a ?kind }} }}"
        )
        used = {row[0].value.removesuffix("/derived") for row in rows.rows if row[0] is not None}
    return tuple(
        Graph(entry.graph, entry.title, entry.licence, entry.issued, entry.graph in used)
        for entry in view.entries
        if not entry.is_vocabulary
    )


def _ours(term: object) -> bool:
    return isinstance(term, Iri) and term.value.startswith("https://w3id.org/hrdd-graph/id/")
