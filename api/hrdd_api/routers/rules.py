"""Rules: what each looks for, what it rests on, and the query that it becomes."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from hrdd_api.asked import AskedOfViewDep, AskedOfWhyDep, reader_language
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, QUERY_TEXT, TURTLE, choose_for
from hrdd_api.openapi import sends
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, not_modified, reply, see_other
from hrdd_api.routers.gaps import known_rule
from hrdd_api.routing import ContainedRoute
from hrdd_api.tools import tool
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.conditions import titles_of
from hrdd_graph.gaps.selection import focus_nodes
from hrdd_graph.gaps.why import why
from hrdd_graph.labels import Labels, NamedTerm, labels_for, named
from hrdd_graph.namespaces import compact
from hrdd_graph.receipts import Receipt, document_receipt
from hrdd_graph.report._shapes import WhyDocument
from hrdd_graph.report._why import why_document
from hrdd_graph.rules import Rule
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

router = APIRouter(tags=["Rules"], route_class=ContainedRoute)


class RuleDocument(TypedDict):
    """A rule: what it looks for, how grave a finding of it is, and what it rests on."""

    rule: str
    iri: str
    label: str
    severity: str
    version: str
    since: str
    active: bool
    definition: str
    provisions: list[NamedTerm]


class RulesDocument(TypedDict):
    """Every rule."""

    rules: list[RuleDocument]


class TargetOfRule(TypedDict):
    """What a rule looks at."""

    kind: str
    value: str


class WholeRule(RuleDocument):
    """A rule with its advice, its conditions, its file and the query that it becomes."""

    advice: str
    settledBy: str
    conditions: list[str]
    targets: list[TargetOfRule]
    file: str
    query: str


@router.get(
    "/rules",
    summary="The gap rules",
    openapi_extra=sends(JSON, HTML, shape=RulesDocument, headers=["Receipt"]) | tool("rules"),
)
def rules(request: Request, knowledge: KnowledgeDep, asked: AskedOfViewDep) -> Response:
    """Every rule, with what it looks for and how grave a finding of it is."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        say = labels_for(view, {Iri(iri) for rule in knowledge.rules for iri in rule.provisions}, language)
        documents = [rule_document(rule, say, language) for rule in knowledge.rules]
        if form is JSON:
            return as_json({"rules": documents})
        return page(request, "rules.html", rules=documents, offered=(JSON, HTML), language=language)

    tag = (view.digest, *((rule.name, rule.version) for rule in knowledge.rules))
    headers = {"Receipt": _receipt(view, knowledge.rules, {}, language).token}
    return reply(request, form, body, tag=tag, language=language, headers=headers)


@router.get(
    "/rules/{rule}",
    summary="One gap rule",
    openapi_extra=sends(JSON, HTML, TURTLE, QUERY_TEXT, shape=WholeRule, headers=["Receipt"]) | tool("rule"),
)
def rule(request: Request, knowledge: KnowledgeDep, rule: str, asked: AskedOfViewDep) -> Response:
    """What the rule looks for, what it rests on, what to do about a finding, and the query that it becomes."""
    offered = (JSON, HTML, TURTLE, QUERY_TEXT)
    form = choose_for(request, *offered)
    known = known_rule(knowledge, rule)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        if form is TURTLE:
            return known.path.read_bytes()
        query = compile_rule(known).query(view.as_of)
        if form is QUERY_TEXT:
            return query.encode()
        say = labels_for(view, [Iri(iri) for iri in known.provisions], language)
        document: WholeRule = {
            **rule_document(known, say, language),
            "advice": known.text("advice", language),
            "settledBy": known.text("settled_by", language),
            "conditions": list(titles_of(compile_rule(known))),
            "targets": [{"kind": target.kind, "value": compact(target.value.value)} for target in known.targets],
            "file": knowledge.resources.shown(known.path),
            "query": query,
        }
        if form is JSON:
            return as_json(document)
        return page(request, "rule.html", rule=document, offered=offered, language=language)

    tag = (view.digest, view.as_of, known.version)
    headers = {"Receipt": _receipt(view, [known], {"rule": [known.name]}, language).token}
    return reply(request, form, body, tag=tag, language=language, headers=headers)


@router.get(
    "/rules/{rule}/explain",
    summary="Why a rule finds something about a node, or why not",
    openapi_extra=sends(JSON, HTML, shape=WhyDocument, headers=["Receipt"]) | tool("why", "focus"),
)
def why_not(request: Request, knowledge: KnowledgeDep, rule: str, asked: AskedOfWhyDep) -> Response:
    """Each condition of the rule, whether it holds for the node, and what is on record; and what cleared the node."""
    form = choose_for(request, JSON, HTML)
    known = known_rule(knowledge, rule)
    if not asked.focus and form is not HTML:
        raise Refusal("bad-parameter", "focus is required.", "Name a node such as organisation/newmont.")
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    label = known.text("label", language)
    context = {"rule": known, "label": label, "asked": asked, "offered": (JSON, HTML), "language": language}

    tag = (view.digest, view.as_of, known.version)
    if not asked.focus:
        empty = page(request, "why.html", **context, answer=None)
        return reply(request, form, lambda: empty, tag=tag, language=language)
    if unchanged := not_modified(request, form, tag, language):
        return unchanged
    (node,) = focus_nodes([asked.focus])
    answer = why_document(why(view, known, node, language=language))
    receipt = document_receipt(view, "why", {"rule": [rule], "focus": [node.value]}, [known], language, answer)

    def body() -> bytes:
        return as_json(answer) if form is JSON else page(request, "why.html", **context, answer=answer)

    return reply(request, form, body, tag=tag, language=language, headers={"Receipt": receipt.token})


@router.get("/gap/{rule}", summary="The address of a rule", status_code=303)
def rule_address(request: Request, knowledge: KnowledgeDep, rule: str) -> Response:
    """A rule is no document; its description is."""
    return see_other(request, f"/rules/{known_rule(knowledge, rule).name}")


def _receipt(view: View, rules: Sequence[Rule], asked: dict[str, list[str]], language: str) -> Receipt:
    """The receipt of an answer that shows rules as they stand."""
    return document_receipt(view, "rules", asked, rules, language, {rule.name: rule.version for rule in rules})


def rule_document(rule: Rule, say: Labels, language: str) -> RuleDocument:
    """A rule as plain data."""
    return {
        "rule": rule.name,
        "iri": rule.iri,
        "label": rule.text("label", language),
        "severity": rule.severity,
        "version": rule.version,
        "since": rule.since,
        "active": rule.active,
        "definition": rule.text("definition", language),
        "provisions": [named(Iri(iri), say) for iri in rule.provisions],
    }
