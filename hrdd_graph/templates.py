"""Query templates: each ``queries/<name>.rq`` read into an object, and parameters bound to it as terms.

A template is SPARQL with a YAML header in ``#+`` lines::

    #+ summary: Who holds a certificate, and what is open against them
    #+ tags: [certificates]
    #+ params:
    #+   organisation: {type: iri, summary: The holder, required: true}
    #+ order: [abuse]

The rows are sorted by ``order``; the query itself neither sorts nor cuts them. A parameter is a variable of the query.
Its values arrive as text, are parsed into RDF terms of the declared type, and join the query as a VALUES block made
from the terms' own serialisation; nothing that a caller sends is ever query text.

A template with ``over: findings`` asks what the gap rules find in the view as well: groups ``GRAPH graph:findings``
see the findings as ``hrdd gaps --format ttl`` writes them. They are answered first, and their solutions join the query
as VALUES blocks too, so that the graphs of the view stay where they are, in any store.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.namespaces import GRAPHS, IDS, PREFIXES, XSD, expand
from hrdd_graph.resources import Resources
from hrdd_graph.sparql.beforehand import groups_of_graph
from hrdd_graph.sparql.certain import certainly_bound
from hrdd_graph.sparql.syntax import check_syntax
from hrdd_graph.sparql.tokens import Token, closing, tokens
from hrdd_graph.terms import Iri, Literal, Term, sparql_text

FINDINGS = GRAPHS + "findings"  # where a template over findings finds them
OVER = ("view", "findings")
TYPES = ("iri", "date", "integer", "decimal", "string", "language", "concept")
_IRI = re.compile(r'https?://[^\x00-\x20<>"{}|\\^`]+|urn:[^\x00-\x20<>"{}|\\^`]+')
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NAME = re.compile(r"[a-z][A-Za-z0-9]*")


@dataclass(frozen=True)
class Parameter:
    """A parameter: its type (one of ``TYPES``), whether it must be given, and whether several values may be.

    ``scheme`` is the address of a class or concept scheme whose members are the allowed values of a ``concept``.
    ``default`` is the text used where the caller gives nothing; ``today`` stands for the view's day.
    """

    name: str
    type: str
    summary: str
    required: bool = False
    many: bool = False
    default: str | None = None
    scheme: str | None = None
    example: str | None = None


@dataclass(frozen=True)
class Template:
    """A stored query. ``form`` is SELECT, CONSTRUCT or ASK; ``order`` names the variables that sort the rows.

    ``over`` says what it asks: the graphs of the view, or these and the findings in them.
    ``version`` is a digest of the file; ``frame`` shapes a graph as JSON-LD (https://www.w3.org/TR/json-ld11-framing/).
    """

    name: str
    path: Path
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    page_size: int
    order: tuple[str, ...]
    form: str
    query: str
    variables: tuple[str, ...]
    version: str
    frame: Mapping[str, Any]
    over: str = "view"

    def bind(
        self,
        values: Mapping[str, Sequence[str]],
        *,
        today: date | None = None,
        limit: int | None = None,
        offset: int = 0,
        ordered: bool = True,
        free: str = "",
        findings: Sequence[str] = (),
    ) -> str:
        """The query with its parameters bound; of its rows ``limit`` behind the first ``offset``.

        The parameter ``free`` stays a variable, and is the last column where it is none already. ``findings`` are
        VALUES blocks with the solutions of ``asked_of_findings``; without them the query still asks for these. Raises
        ``UnusableInput`` naming the parameter and what it expects.
        """
        problems: list[Problem] = []
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                listed = ", ".join(sorted(known)) or "none"
                problems.append(Problem(self.name, 0, name, "is not a parameter of this query.", f"It has {listed}."))
        blocks = []
        for parameter in self.parameters:
            if parameter.name == free:
                continue
            given = [text for text in values.get(parameter.name, ()) if text != ""]
            if not given and parameter.default is not None:
                fallback = (today or date.today()).isoformat() if parameter.default == "today" else parameter.default
                given = [fallback]
            if not given:
                if parameter.required:
                    problems.append(Problem(self.name, 0, parameter.name, "is required.", parameter.summary))
                continue
            if len(given) > 1 and not parameter.many:
                problems.append(Problem(self.name, 0, parameter.name, "takes one value.", "Give one."))
                continue
            try:
                terms = [parse_value(parameter, text) for text in given]
            except ValueError as error:
                problems.append(Problem(self.name, 0, parameter.name, str(error), parameter.summary))
                continue
            blocks.append(f"VALUES ?{parameter.name} {{ {' '.join(sparql_text(term) for term in terms)} }} ")
        if problems:
            raise UnusableInput(problems)
        before, body, behind = self.parts
        if findings:
            for (first, last), solutions in zip(self._groups[::-1], findings[::-1], strict=True):
                body = f"{body[:first]}{solutions}{body[last:]}"
        if free and free not in self.variables:
            head = self._head
            before = f"{before[:head]} ?{' ?'.join((*self.variables, free))} {before[before.rindex('{') :]}"
        part = ("" if limit is None else f"LIMIT {limit:d} ") + (f"OFFSET {offset:d} " if offset else "")
        return f"{self._prologue}{before} {''.join(blocks)}{body}{behind}{self._ordering if ordered else ''}{part}"

    def addresses(self, values: Mapping[str, Sequence[str]]) -> list[Iri]:
        """The addresses that are given as values. Raises ``ValueError`` for a value that is none."""
        named = [p for p in self.parameters if p.type in ("iri", "concept")]
        terms = [parse_value(p, text) for p in named for text in values.get(p.name, ()) if text]
        return [term for term in terms if isinstance(term, Iri)]

    @cached_property
    def _head(self) -> int:
        """Where the projection of a SELECT query begins."""
        first, second, *_ = tokens(self.query)
        return second.end if second.is_word("DISTINCT", "REDUCED") else first.end

    @cached_property
    def parts(self) -> tuple[str, str, str]:
        """The query up to the WHERE group's brace and with it, what the group holds, and the rest."""
        stream = tokens(self.query)
        place = _where_place(self.query)
        opening = next(n for n, token in enumerate(stream) if token.is_mark("{") and token.start >= place)
        begin, end = stream[opening].end, stream[closing(stream, opening)].start
        return self.query[:begin], self.query[begin:end], self.query[end:]

    @cached_property
    def _groups(self) -> list[tuple[int, int]]:
        """Where the groups that see the findings stand in what the WHERE group holds."""
        return groups_of_graph(self.parts[1], FINDINGS)

    @cached_property
    def asked_of_findings(self) -> tuple[str, ...]:
        """What a template over findings asks of these: a query for each of its groups."""
        groups = (self.parts[1][first:last] for first, last in self._groups)
        return tuple(f"{self._prologue}SELECT * WHERE {group[group.index('{') :]}" for group in groups)

    @cached_property
    def names_graphs(self) -> bool:
        """Whether the query looks into named graphs one by one."""
        return sum(token.is_word("GRAPH") for token in tokens(self.query)) > len(self._groups)

    @cached_property
    def pivots(self) -> frozenset[str]:
        """The parameters by whose value the rows for all values may be told apart."""
        if self.over == "findings":  # they are another's on another day, and a table is the graph's
            return frozenset()
        return certainly_bound(*self.parts, (p.name for p in self.parameters if p.type in ("iri", "concept")))

    @cached_property
    def _prologue(self) -> str:
        """PREFIX lines for the prefixes that the query uses."""
        return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in PREFIXES if f"{name}:" in self.query)

    @cached_property
    def _ordering(self) -> str:
        """Rows sorted by the header's variables, then by all the others, so that their order is one on every store."""
        keys = dict.fromkeys([*self.order, *self.variables])
        return "ORDER BY " + " ".join(f"?{name}" for name in keys) + "\n" if keys else ""


def parse_value(parameter: Parameter, text: str) -> Term:
    """A caller's text as a term of the parameter's type. Raises ``ValueError`` saying what was expected.

    IRIs may be written in full, with a prefix of the project (``udhr:23``), or as ``kind/slug`` of the data.
    """
    kind = parameter.type
    if kind in ("iri", "concept"):
        address = expand(text)
        if not _IRI.fullmatch(address) and re.fullmatch(r"[\w\-.~%/#]+", address):
            address = IDS + address
        if not _IRI.fullmatch(address):
            raise ValueError(f'"{text}" is not an address such as {parameter.example or IDS + "organisation/newmont"}.')
        return Iri(address)
    if kind == "date":
        try:
            return Literal(date.fromisoformat(text).isoformat(), datatype=XSD.date)
        except ValueError:
            raise ValueError(f'"{text}" is not a day such as 2026-11-20.') from None
    if kind == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise ValueError(f'"{text}" is not a whole number.')
        return Literal(text, datatype=XSD.integer)
    if kind == "decimal":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", text):
            raise ValueError(f'"{text}" is not a decimal number.')
        return Literal(text, datatype=XSD.decimal)
    if kind == "language" and not _LANGUAGE.fullmatch(text):
        raise ValueError(f'"{text}" is not a language tag such as en or pt-BR.')
    return Literal(text)


def read_templates(resources: Resources) -> tuple[Template, ...]:
    """Every template, by name. Raises ``UnusableInput`` with the problems of all broken files."""
    found: list[Template] = []
    problems: list[Problem] = []
    for path in sorted(resources.queries.glob("*.rq")):
        try:
            found.append(read_template(path))
        except UnusableInput as error:
            problems += error.problems
    if problems:
        raise UnusableInput(problems)
    return tuple(found)


def read_template(path: Path) -> Template:
    """Read one template. Raises ``UnusableInput`` with the line or the key that is wrong."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    header = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    query = "\n".join("" if line.startswith("#+") else line for line in lines)
    try:
        facts = yaml.safe_load(header) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UnusableInput.one(
            path, f"has a broken header: {error.problem}.", line=line, fix="Mend the #+ lines."
        ) from error
    problems: list[Problem] = []

    def wrong(where: str, what: str, fix: str = "") -> None:
        problems.append(Problem(str(path), 0, where, what, fix))

    if not isinstance(facts, dict):
        raise UnusableInput.one(path, "has a header that is no mapping.", fix="Write `#+ summary: ...`.")
    for key in facts.keys() - {"summary", "description", "tags", "params", "page_size", "order", "frame", "over"}:
        wrong(str(key), "is not a key of a template's header.")
    if not facts.get("summary"):
        wrong("summary", "is missing.", "Say in one line what the query answers.")
    try:
        stream = tokens(query)
        form = next(t.text.upper() for t in stream if t.is_word("SELECT", "CONSTRUCT", "ASK", "DESCRIBE"))
        place = _where_place(query)
        names = {token.variable for token in stream if token.variable}
        check_syntax(query)
    except (ValueError, StopIteration) as error:
        raise UnusableInput.one(
            path, f"holds no usable query: {error}", fix="Write SPARQL below the header."
        ) from error
    parameters = tuple(_parameter(str(n), d, names, wrong) for n, d in (facts.get("params") or {}).items())
    variables = _projection(query[:place]) if form == "SELECT" else ()
    order = tuple(facts.get("order") or ())
    if form == "SELECT" and not order:
        wrong("order", "is missing.", "Name the variables that sort the rows, so that pages are stable.")
    if any(token.is_word("ORDER", "LIMIT", "OFFSET") for token in _behind(query, place)):
        wrong(
            "query", "sorts or cuts its rows.", "Leave ORDER BY, LIMIT and OFFSET to the header's order and page_size."
        )
    for name in order:
        if name not in variables:
            wrong("order", f"names {name}, which the query does not select.")
    over = facts.get("over", "view")
    if over not in OVER:
        wrong(
            "over", f"is none of {', '.join(OVER)}.", "Leave it out where the query asks only the graphs of the view."
        )
    elif bool(groups_of_graph(query, FINDINGS)) != (over == "findings"):
        wrong("query", "does not ask for the findings as `over` says.", "Ask in GRAPH graph:findings { ... }.")
    frame = facts.get("frame") or {}
    if not isinstance(frame, dict) or (frame and form not in ("CONSTRUCT", "DESCRIBE")):
        wrong("frame", "is no JSON-LD frame of a graph.", "Write a mapping such as {'@type': 'hrdd:Firm'}.")
    if problems:
        raise UnusableInput(problems)
    return Template(
        name=path.stem,
        path=path,
        summary=str(facts["summary"]),
        description=str(facts.get("description", "")),
        tags=tuple(str(tag) for tag in facts.get("tags") or ()),
        parameters=parameters,
        page_size=int(facts.get("page_size", 100)),
        order=order,
        form=form,
        query=query.strip() + "\n",
        variables=variables,
        version=hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        frame=frame,
        over=over,
    )


def _parameter(name: str, given: object, names: set[str], wrong: Callable[..., None]) -> Parameter:
    facts = given if isinstance(given, dict) else {}
    where = f"params.{name}"
    if not _NAME.fullmatch(name) or name not in names:
        wrong(where, "is not a variable of the query.", "Use the variable's name without its sign.")
    if facts.get("type") not in TYPES:
        wrong(where, f"has no type, or none of {', '.join(TYPES)}.", "Give it one.")
    if not facts.get("summary"):
        wrong(where, "has no summary.", "Say what it means.")
    for key in facts.keys() - {"type", "summary", "required", "many", "default", "scheme", "example"}:
        wrong(where, f"has the key {key}, which means nothing.")
    scheme = facts.get("scheme")
    return Parameter(
        name=name,
        type=str(facts.get("type")),
        summary=str(facts.get("summary", "")),
        required=bool(facts.get("required", False)),
        many=bool(facts.get("many", False)),
        default=None if facts.get("default") is None else str(facts["default"]),
        scheme=expand(str(scheme)) if scheme else None,
        example=None if facts.get("example") is None else str(facts["example"]),
    )


def _where_place(query: str) -> int:
    """Where the query's outermost WHERE group may begin: behind a CONSTRUCT's template."""
    stream = tokens(query)
    for index, token in enumerate(stream):
        if token.is_word("CONSTRUCT") and stream[index + 1].is_mark("{"):
            return stream[closing(stream, index + 1)].end
        if token.is_mark("{"):
            return token.start
    raise ValueError("it has no WHERE group.")


def _behind(query: str, place: int) -> list[Token]:
    """What stands behind the outermost WHERE group."""
    stream = tokens(query)
    opening = next(index for index, token in enumerate(stream) if token.is_mark("{") and token.start >= place)
    return stream[closing(stream, opening) + 1 :]


def _projection(head: str) -> tuple[str, ...]:
    """The variables that a SELECT clause gives, in order."""
    found: list[str] = []
    depth = 0
    previous = None
    for token in tokens(head):
        depth += token.is_mark("(") - token.is_mark(")")
        if token.variable and (depth == 0 or (previous is not None and previous.is_word("AS"))):
            found.append(token.variable)
        previous = token
    return tuple(found)
