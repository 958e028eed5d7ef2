"""A few rows at a time: mapped, read as a case sheet would be, checked against the shapes, sorted into good and bad."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from hrdd_graph.evidence.dates import Bounds
from hrdd_graph.evidence.sheet import absolute, read_records
from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar
from hrdd_graph.intake.cells import Cell, Cleaner, slug
from hrdd_graph.intake.known import Known
from hrdd_graph.intake.ledger import Ledger
from hrdd_graph.intake.mapping import (
    Places,
    Values,
    column_of,
    mention_of,
    nodes_at,
    pointing_to,
    records_of,
)
from hrdd_graph.intake.outcome import Reason
from hrdd_graph.intake.profile import SheetMap, scalars
from hrdd_graph.intake.save import root_of
from hrdd_graph.intake.tables import Row
from hrdd_graph.kept_out import INSTEAD, NAMED, NO_NAMES, KeptOut
from hrdd_graph.namespaces import PREFIXES, RDF, SH, compact
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.shacl import ShapeResult, check_shapes
from hrdd_graph.terms import Iri, Quad, RdfFormat, Triple, parse

Targets = Dictionary[str, str]


@dataclass(frozen=True)
class Setting:
    """What is the same for every row of an import."""

    path: Path
    resources: Resources
    vocabulary: Vocabulary
    known: Known
    cleaner: Cleaner
    graph: str
    source: str
    status: str
    issued: Bounds
    built_in: Values
    name: str
    target: Targets = field(default_factory=dict)  # where parties lead that are linked, by id
    kept_out: KeptOut = NO_NAMES


@dataclass
class Fate:
    """A row on its way: its cells, the addresses that it makes (the first is its main record), and what is wrong."""

    row: Row
    cells: dict[str, Cell]
    main: str = ""
    made: list[str] = field(default_factory=list)
    shared: int = 0  # records that an earlier row has made already
    reasons: list[Reason] = field(default_factory=list)
    advice: dict[Reason, set[str]] = field(default_factory=dict)  # with the records that it is about


@dataclass(frozen=True)
class Made:
    """A record that a row makes: the row's place in the chunk, its tree, and a number for what it says."""

    row: int
    tree: Mapping
    template: Mapping
    content: int


class Chunk:
    """Some rows of one sheet. ``fates`` tells what became of each, ``quads`` the statements of the good ones, which are
    in the default graph.

    ``alone`` takes the rows for the only ones of the import: what other rows have said of records does not count.
    """

    def __init__(self, rows: Iterable[Row], sheet: SheetMap, setting: Setting, ledger: Ledger, *, alone: bool) -> None:
        self.sheet = sheet
        self.setting = setting
        self.ledger = ledger
        self.places = Places()
        self.needs_others = False  # whether a record points to what these rows do not describe
        self.fates = [Fate(row, setting.cleaner.clean(row.cells, sheet)) for row in rows]
        self._records: dict[str, Made] = {}
        self._rows: dict[str, list[int]] = defaultdict(list)  # that make each record
        self._broken: set[str] = set()  # records that no row can have
        self._names: dict[str, set[str]] = defaultdict(set)  # of the nodes of each record
        self._points: dict[str, set[str]] = {}  # to what the graph does not describe
        self._reached: set[str] = set()
        self._columns: dict[tuple[int, str, str, str], str] = {}  # behind results
        self._map(alone)
        self._by_root = self._read()
        self._elsewhere = self._described_elsewhere()
        self._drop_what_points_nowhere()
        self._check()
        self._drop_what_points_nowhere()
        self.said = {root: (made.content, self.fates[made.row].row.number) for root, made in self._records.items()}

    @property
    def live(self) -> list[str]:
        """The addresses of records that stand: those of good rows, and those that a good row shares with a bad one."""
        return [root for root in self._records if root in self._by_root and self._stands(root)]

    def _stands(self, root: str) -> bool:
        return root not in self._broken and any(not self.fates[row].reasons for row in self._rows[root])

    @property
    def quads(self) -> list[Quad]:
        return [quad for root in self.live for quad in self._by_root[root]]

    def quads_of(self, root: str) -> list[Quad]:
        return self._by_root.get(root, [])

    # -- steps -------------------------------------------------------------------------------------------------------

    def _map(self, alone: bool) -> None:
        made = list(self._made())
        earlier = {} if alone else self.ledger.said({root for root, _ in made})
        for root, record in made:
            fate = self.fates[record.row]
            fate.main = fate.main or root
            here = self._records.get(root)
            first = (here.content, self.fates[here.row].row.number) if here else earlier.get(root)
            if first is None:
                self._records[root] = record
                self._rows[root].append(record.row)
                fate.made.append(root)
            elif first[0] == record.content:
                fate.shared += 1
                self._rows[root].append(record.row)
            else:
                header = self.sheet.columns[self.sheet.key].title
                what = f"row {first[1]} says something else of {compact(root)}."
                fate.reasons.append(Reason(header, what, "Give one of the two another key, or make them agree."))

    def _made(self) -> Iterator[tuple[str, Made]]:
        """The records of rows whose cells are good, by their addresses."""
        setting = self.setting
        for index, fate in enumerate(self.fates):
            wrong = [cell for cell in fate.cells.values() if cell.problem]
            fate.reasons += [Reason(cell.column.title, cell.problem, cell.column.help) for cell in wrong]
            naming = [cell for cell in fate.cells.values() if setting.kept_out.is_in(cell.raw)]
            fate.reasons += [Reason(cell.column.title, NAMED, INSTEAD) for cell in naming]
            if fate.row.problem:
                fix = "Put quotes around a cell that holds the delimiter, or give the column a header."
                fate.reasons.append(Reason("", fate.row.problem, fix))
            if fate.reasons:
                continue
            locator = fate.row.locator(setting.path.name)
            for made, template in records_of(index, fate.cells, self.sheet, setting.built_in, locator, self.places):
                tree = self._led_on(made)
                yield absolute(_id(tree)), Made(index, tree, template, _content(tree))

    def _led_on(self, tree: Mapping) -> Mapping:
        """The record with its ids leading where they are linked to; a mention of what is described elsewhere."""
        identifier, setting = _id(tree), self.setting
        if target := setting.target.get(identifier):
            return mention_of(target, tree, f"mention/{identifier.partition('/')[2]}")
        if setting.known.describes(absolute(identifier)):
            words = tree.entries.get("label")
            name = f"{identifier.partition('/')[2]} {words.text if isinstance(words, Scalar) else ''}"
            return mention_of(identifier, tree, f"mention/{setting.name}-{slug(name)}")
        led = pointing_to(tree, setting.target) if setting.target else tree
        assert isinstance(led, Mapping)
        return led

    def _read(self) -> dict[str, list[Quad]]:
        setting = self.setting
        records = [(root, made) for root, made in self._records.items() if self._stands(root)]
        reading = read_records(
            [made.tree for _, made in records],
            setting.path,
            setting.vocabulary,
            source=setting.source,
            status=setting.status,
            issued=setting.issued,
        )
        broken = {int(problem.path.partition("[")[2].partition("]")[0]) for problem in reading.problems}
        for problem in reading.problems:
            place = self.places[problem.line]
            self._refuse(place.row, place.column, problem.what, problem.fix)
        nodes = [
            node
            for number, ((root, _), found) in enumerate(zip(records, reading.nodes, strict=True))
            if self._stands(root) and number not in broken
            for node in found
        ]
        document = {"@context": setting.vocabulary.context(), "@graph": nodes}
        by_root: dict[str, list[Quad]] = defaultdict(list)
        nowhere: dict[str, bool] = {}  # whether the graph does not describe what is pointed to
        pointing: dict[str, set[str]] = defaultdict(set)
        last, mine, points = "", by_root[""], pointing[""]
        for quad in parse(orjson.dumps(document), format=RdfFormat.JSON_LD):
            name, value = quad.subject.value, quad.object
            if name != last:  # the statements of a node come together
                last, root = name, root_of(quad.subject)
                mine, points = by_root[root], pointing[root]
                self._names[root].add(name)
            mine.append(quad)
            if isinstance(value, Iri):
                target = value.value
                if target not in nowhere:
                    nowhere[target] = not setting.known.has(value)
                if nowhere[target]:
                    points.add(target)
        self._reached, self._points = set(nowhere), pointing
        return dict(by_root)

    def _described_elsewhere(self) -> Dictionary[str, frozenset[Iri]]:
        """What records point to that this import has in other rows, or had before, with the classes of each."""
        wanted = {name for names in self._points.values() for name in names}
        if not self.ledger.continues:
            wanted -= set().union(*self._names.values())
        found = self.ledger.kinds(wanted)
        self._points = {root: names - found.keys() for root, names in self._points.items()}
        return found

    def _drop_what_points_nowhere(self) -> None:
        """Refuse the rows of records that point to what nothing describes, and then those that point to theirs."""
        while True:
            live = self.live
            beside = {name for root in live for name in self._names[root]}
            lost = [(root, name) for root in live for name in self._points[root] if name not in beside]
            if not lost:
                return
            self.needs_others = True
            for root, target in lost:
                made = self._records[root]
                if not self.fates[made.row].reasons:
                    column = self._column_that_says(made.tree, target)
                    what = f"points to {compact(target).removeprefix('id:')}, which nothing describes."
                    fix = "Mend the key, or add a row for it; a row that was refused describes nothing."
                    self._refuse(made.row, column, what, fix)
            if self.live == live:
                return

    def _check(self) -> None:
        around = [*self.setting.known.around(self._reached)]
        around += [Triple(Iri(name), RDF.type, kind) for name, kinds in self._elsewhere.items() for kind in kinds]
        records, release = (self.setting.resources.shapes / folder for folder in ("records", "release"))
        for result in check_shapes(records, self.quads, around, self.setting.vocabulary, release):
            root = result.focus.partition("#")[0]
            if root in self._records:
                self._note(root, self._records[root], result)

    def _note(self, root: str, made: Made, result: ShapeResult) -> None:
        column = self._column_of_result(made, result)
        header = self.sheet.columns[column].title if column else ""
        reason = Reason(header, result.message, result.fix, compact(result.shape))
        if result.severity == SH.Violation.value:
            self._broken.add(root)
            for row in self._rows[root]:
                self.fates[row].reasons.append(reason)
        else:
            self.fates[made.row].advice.setdefault(reason, set()).add(root)

    # -- which cell --------------------------------------------------------------------------------------------------

    def _refuse(self, row: int, column: str, what: str, fix: str) -> None:
        header = self.sheet.columns[column].title if column in self.sheet.columns else ""
        self.fates[row].reasons.append(Reason(header, what, fix))

    def _column_that_says(self, tree: Mapping, target: str) -> str:
        for scalar in scalars(tree):
            if absolute(scalar.text) == target:
                return self.places[scalar.line].column
        return ""

    def _column_of_result(self, made: Made, result: ShapeResult) -> str:
        """The column behind a result: of the property, of the value, of the node, or of what the fix speaks of."""
        nested = result.focus.partition("#")[2].partition("-")[0]
        if result.value:
            return self._find_column(made, result, nested)
        # Without a value, what is said of one row is said of thousands.
        key = (id(made.template), result.path, nested, result.fix)
        if key not in self._columns:
            self._columns[key] = self._find_column(made, result, nested)
        return self._columns[key]

    def _find_column(self, made: Made, result: ShapeResult, nested: str) -> str:
        template = made.template
        local = result.path.removeprefix(PREFIXES["hrdd"])
        saying = next((s for s in scalars(made.tree) if s.text == result.value), None)
        spoken = [key for key in template.entries if key in result.fix]
        candidates = [
            *(column_of(inner, local) for inner in nodes_at(template, nested)),
            column_of(template, local),
            self.places[saying.line].column if saying else "",
            *(column_of(template, key) for key in (nested, *spoken)),
        ]
        return next((column for column in candidates if column in self.sheet.columns), "")


def _id(tree: Mapping) -> str:
    identifier = tree.entries["id"]
    assert isinstance(identifier, Scalar)
    return identifier.text


def _content(node: Node) -> int:
    """A number for what a record says, wherever it stands and in whatever case: keys have none either."""
    if isinstance(node, Scalar):
        return hash(node.text.casefold())
    if isinstance(node, Mapping):
        return hash(
            tuple((key, _content(n)) for key, n in sorted(node.entries.items()) if key not in ("locator", "raw"))
        )
    return hash(tuple(_content(item) for item in node.items))
