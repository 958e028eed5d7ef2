"""Gaps: where words and deeds part, as a list with filters, and one finding explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedOfDiffDep, AskedOfFindingDep, AskedOfGaps, AskedOfGapsDep, reader_language
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, SUFFIX_KEY, Format, choose_for
from hrdd_api.openapi import sends
from hrdd_api.pages import finding as explained
from hrdd_api.pages import gaps as listed
from hrdd_api.problems import Refusal, near
from hrdd_api.remembered import KEEP_KEY
from hrdd_api.rendering import href, page, speech
from hrdd_api.replies import as_json, link_to, not_modified, reply, see_other, written
from hrdd_api.routing import ContainedRoute
from hrdd_api.tools import tool
from hrdd_graph.gaps.diff import Probe, compare
from hrdd_graph.gaps.explain import explanation_of
from hrdd_graph.gaps.facets import FACETS, at_or_above, choose, narrowed, severities_from
from hrdd_graph.gaps.receipt import receipt_of
from hrdd_graph.gaps.record import record_of
from hrdd_graph.gaps.run import Run, check_order
from hrdd_graph.gaps.salience import parse_weights
from hrdd_graph.gaps.selection import focus_nodes
from hrdd_graph.report import formats, writer
from hrdd_graph.report._diff import diff_document
from hrdd_graph.report._document import EMPTY, finding_document, run_document, run_facts
from hrdd_graph.report._explanation import explanation_document
from hrdd_graph.report._shapes import DiffDocument, ExplanationDocument, FindingDocument, RunDocument
from hrdd_graph.rules import Rule
from hrdd_graph.terms import Iri

router = APIRouter(tags=["Gaps"], route_class=ContainedRoute)

_EXTENSIONS = {"table": "txt"}
REPORTS = tuple(
    Format(name, writer(name).MEDIA_TYPE, _EXTENSIONS.get(name, ""))
    for name in formats()
    if name not in ("html", "json")
)
OFFERED = (JSON, HTML, *REPORTS)


@router.get(
    "/gaps",
    summary="The gaps that the rules find",
    openapi_extra=sends(*OFFERED, shape=RunDocument, headers=["Receipt"]) | tool("gaps", "rule"),
)
def gaps(request: Request, knowledge: KnowledgeDep, asked: AskedOfGapsDep) -> Response:
    """Every finding of the chosen rules, gravest first, with its facts, sources and norms."""
    form = choose_for(request, *OFFERED)
    rules = _rules(knowledge, asked.rule)
    if asked.severity:
        severities_from(asked.severity, "--severity")
    check_order(asked.sort)
    weights = parse_weights(asked.weights)
    focus = focus_nodes(name for name in asked.focus if name)
    view = knowledge.view(asked.as_of, asked.known_on)
    facets = choose(view, {name: getattr(asked, name) for name in FACETS})
    language = reader_language(request, knowledge, view, asked)

    tag = (view.digest, view.as_of, *((rule.name, rule.version) for rule in rules))
    if unchanged := not_modified(request, form, tag, language):
        return unchanged
    run = knowledge.run(view, rules, language).weighed(weights)
    run = narrowed(at_or_above(run, asked.severity), facets).ordered(asked.sort or "severity")
    if focus:
        run = replace(run, findings=tuple(f for f in run.findings if f.focus in focus))
    given = {name: getattr(asked, name) or () for name in ("rule", "focus", *FACETS)}
    given |= {name: [getattr(asked, name) or ""] for name in ("severity", "sort", "weights")}
    receipt = receipt_of(run, given)
    run = replace(run, receipt=receipt)

    def body() -> bytes:
        if form is JSON:
            return as_json(run_document(run))
        if form is not HTML:
            return written(lambda stream: writer(form.name).write(run, stream))
        return page(request, "gaps.html", **_listed(request, knowledge, run, asked, facets, language))

    headers = {"Content-Disposition": 'attachment; filename="gaps.xlsx"'} if form.name == "xlsx" else {}
    headers["Receipt"] = receipt.token
    request.scope[KEEP_KEY] = True
    return reply(request, form, body, tag=tag, language=language, headers=headers)


@router.get(
    "/gaps/diff", summary="What changed between two days, and why", openapi_extra=sends(JSON, HTML, shape=DiffDocument)
)
def changed(request: Request, knowledge: KnowledgeDep, asked: AskedOfDiffDep) -> Response:
    """Findings that are new and closed between a day and another, each put down to time, data or a rule."""
    form = choose_for(request, JSON, HTML)
    after = knowledge.view(asked.until)
    a_year_before = {"year": max(after.as_of.year - 1, 1), "day": min(after.as_of.day, 28)}
    earlier = asked.since or after.as_of.replace(**a_year_before)
    before = knowledge.view(earlier)
    language = reader_language(request, knowledge, after, asked)

    def body() -> bytes:
        rules = tuple(rule for rule in knowledge.rules if rule.active)
        runs = [record_of(knowledge.run(view, rules, language)) for view in (before, after)]

        def found_on(day: date) -> frozenset[str]:
            return frozenset(record_of(knowledge.run(knowledge.view(day), rules, language)).findings)

        document = diff_document(compare(runs, Probe(after.digest, runs[1].rules, found_on)))
        if form is JSON:
            return as_json(document)
        names = {rule.name: rule.text("label", language) for rule in knowledge.rules}
        context = {"diff": document, "asked": asked, "language": language, "offered": (JSON, HTML)}
        return page(request, "diff.html", **context, label_of=lambda name: names.get(name, name))

    return reply(request, form, body, tag=(before.digest, before.as_of, after.as_of), language=language)


@router.get(
    "/gaps/{rule}/{digest}",
    summary="One finding, explained",
    openapi_extra=sends(*OFFERED, shape=ExplanationDocument, headers=["Receipt"]) | tool("explain"),
)
def finding(request: Request, knowledge: KnowledgeDep, rule: str, digest: str, asked: AskedOfFindingDep) -> Response:
    """What was found, on which facts, from which sources, why it is a gap, and what would settle it."""
    form = choose_for(request, *OFFERED)
    known = known_rule(knowledge, rule)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    run = knowledge.run(view, (known,), language).weighed(parse_weights(asked.weights))
    found = next((f for f in run.findings if f.iri.rpartition("/")[2] == digest), None)
    if found is None:
        raise Refusal(
            "not-found",
            f"The finding {rule}/{digest} does not stand in this view on {view.as_of}. That is no clearance.",
            f"/gaps?rule={rule} lists the findings of this rule that do; /rules/{rule}/explain?focus= says why not.",
        )
    one = replace(run, findings=(found,))
    receipt = receipt_of(one, {"rule": [rule], "finding": [found.iri], "weights": [asked.weights or ""]})
    one = replace(one, receipt=receipt)

    def body() -> bytes:
        if form not in (JSON, HTML):
            return written(lambda stream: writer(form.name).write(one, stream))
        explanation = explanation_of(knowledge.resources, one, found)
        document = explanation_document(explanation)
        if form is JSON:
            return as_json(document)
        context = {"finding": document, "rule": known, "offered": OFFERED, "language": language}
        names = sorted(document["bindings"], key=lambda name: (name not in known.identifying, name != "value", name))
        root = str(request.scope.get("root_path", ""))
        more = explained.shown(explanation, knowledge.vocabulary, lambda iri: href(iri, root), speech(request))
        return page(
            request,
            "finding.html",
            **context,
            names=names,
            subjects=explained.subjects(document),
            asked=asked,
            more=more,
            token=receipt.token,
            say=lambda iri: one.labels(Iri(iri)),
        )

    headers = {"Link": link_to(found.iri, "canonical"), "Receipt": receipt.token}
    tag = (view.digest, view.as_of, known.name, known.version)
    return reply(request, form, body, tag=tag, language=language, headers=headers)


@router.get("/finding/{rule}/{digest}", summary="The address of a finding", status_code=303)
def finding_address(request: Request, knowledge: KnowledgeDep, rule: str, digest: str) -> Response:
    """A finding is no document; its explanation is."""
    return see_other(request, f"/gaps/{known_rule(knowledge, rule).name}/{_segment(digest)}")


@router.get("/run/{day}-{digest}", summary="The address of an evaluation", status_code=303)
def run_address(request: Request, knowledge: KnowledgeDep, day: str, digest: str) -> Response:
    """An evaluation of all rules on a day, as long as the graph is still the one that it was made over."""
    if knowledge.view().digest[7:19] != digest:
        raise Refusal("not-found", "The graph has changed since this evaluation.", "/gaps evaluates the present graph.")
    suffix = f".{request.scope[SUFFIX_KEY]}" if SUFFIX_KEY in request.scope else ""
    return Response(None, 303, {"Location": f"{request.scope.get('root_path', '')}/gaps{suffix}?as_of={_segment(day)}"})


def known_rule(knowledge: Knowledge, name: str) -> Rule:
    """The rule with this name. Refuses with the names that are near."""
    rule = knowledge.rule(name)
    if rule is None:
        fix = near(name, (r.name for r in knowledge.rules)) or "/rules lists them."
        raise Refusal("not-found", f"{name} is not a rule.", fix)
    return rule


def _rules(knowledge: Knowledge, names: list[str]) -> tuple[Rule, ...]:
    known = {rule.name for rule in knowledge.rules}
    problems = [
        {
            "parameter": "rule",
            "what": f"names {name}, which is not a rule.",
            "fix": near(name, known) or "/rules lists them.",
        }
        for name in dict.fromkeys(names)
        if name and name not in known
    ]
    if problems:
        raise Refusal("bad-parameter", f"rule {problems[0]['what']}", problems[0]["fix"], problems)
    chosen = set(names) - {""}
    return tuple(rule for rule in knowledge.rules if rule.active and (not chosen or rule.name in chosen))


def _listed(
    request: Request,
    knowledge: Knowledge,
    run: Run,
    asked: AskedOfGaps,
    facets: dict[str, tuple[Iri, ...]],
    language: str,
) -> dict[str, Any]:
    """What the list shows: a page of the findings, the facets with their numbers, and where every link leads."""
    chosen = {name: frozenset(iri.value for iri in wanted) for name, wanted in facets.items()}
    single = {
        name: str(getattr(asked, name) or "") for name in ("severity", "weights", "as_of", "known_on", "language")
    } | {"sort": "" if asked.sort in ("", "severity") else asked.sort}
    many = {name: listed.written(name, values) for name, values in chosen.items()}
    many |= {name: [text for text in getattr(asked, name) if text] for name in ("rule", "focus")}
    links = listed.Asked(request.url.path, single, many)
    whole, counts = knowledge.counts(run.view, language)
    focus = focus_nodes(many["focus"])
    considered = [f for f in whole.findings if not focus or f.focus in focus]
    place = listed.pages(links, asked.page, len(run.findings))
    shown = run.findings[(place.number - 1) * listed.PAGE : place.number * listed.PAGE]
    return {
        "asked": asked,
        "groups": _groups(replace(run, findings=shown)),
        "facts": run_facts(run),
        "token": run.receipt.token if run.receipt else "",
        "empty": EMPTY,
        "facets": listed.groups(links, counts, considered, chosen, whole.rules, language),
        "links": links,
        "place": place,
        "focus": focus,
        "say": whole.labels,
        "offered": OFFERED,
        "language": language,
    }


def _groups(run: Run) -> list[tuple[Rule | None, list[FindingDocument]]]:
    """Findings as documents, rule by rule; by salience in one group, under no rule."""
    if run.order == "salience":
        return [(None, [finding_document(run, finding) for finding in run.findings])] if run.findings else []
    return [
        (rule, [finding_document(run, finding) for finding in findings])
        for rule, findings in groupby(run.findings, key=lambda finding: finding.rule)
    ]


def _segment(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
