"""Profiles read from their files, with the line of whatever is wrong in one."""

from __future__ import annotations

from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.evidence.yaml_tree import Mapping, Node, Scalar, Sequence, read_yaml
from hrdd_graph.intake.profile import (
    BUILT_IN,
    CONDITIONS,
    KINDS_OF_VALUE,
    PLACEHOLDER,
    Column,
    Profile,
    SheetMap,
    scalars,
)
from hrdd_graph.intake.profile_keys import unknown_keys
from hrdd_graph.intake.tables import heading
from hrdd_graph.resources import Resources

FILE = "profile.yaml"  # in a folder with the profile's name
_NO_HEADER = {"from", "like", "beside"}


def profiles(resources: Resources) -> list[Profile]:
    """Every profile, by name."""
    return [profile_of(path) for path in sorted((resources.data / "profiles").glob(f"*/{FILE}"))]


def read_profile(resources: Resources, name: str) -> Profile:
    """The profile of a name. Raises ``UnusableInput`` where there is none, or where its file is broken."""
    known = sorted(path.parent.name for path in (resources.data / "profiles").glob(f"*/{FILE}"))
    if name not in known:
        raise UnusableInput.one("PROFILE", f"{name} is no import profile.", fix=f"Choose one of {', '.join(known)}.")
    return profile_of(resources.data / "profiles" / name / FILE)


def profile_of(path: Path) -> Profile:
    """The profile in a file. Raises ``UnusableInput`` with the line of what is wrong in it."""
    folder = path.parent
    tree = read_yaml(path)
    if problems := list(unknown_keys(path, tree)):
        raise UnusableInput(problems)

    def wrong(node: Node, what: str, fix: str) -> UnusableInput:
        return UnusableInput.one(path, what, line=node.line, fix=fix)

    def mapping(node: Node | None, key: str) -> Mapping:
        if not isinstance(node, Mapping):
            raise wrong(node or tree, f"{key} is missing or no mapping.", "See the other profiles.")
        return node

    def text(holder: Mapping, key: str, default: str = "") -> str:
        node = holder.entries.get(key)
        if node is not None and not isinstance(node, Scalar):
            raise wrong(node, f"{key} is no text.", "Write one value.")
        return node.text if node else default

    def number(holder: Mapping, key: str) -> int:
        written = text(holder, key, "0")
        if not written.isdecimal():
            raise wrong(holder.entries[key], f'{key}: "{written}" is no number.', "Write digits.")
        return int(written)

    def texts(holder: Mapping, key: str) -> tuple[str, ...]:
        node = holder.entries.get(key)
        items = node.items if isinstance(node, Sequence) else (node,) if node else ()
        return tuple(item.text for item in items if isinstance(item, Scalar))

    def column(name: str, node: Mapping, described: Mapping) -> Column:
        kind = text(node, "kind", "text")
        if kind not in KINDS_OF_VALUE:
            raise wrong(node, f"{kind} is no kind of value.", f"Choose one of {', '.join(KINDS_OF_VALUE)}.")
        aliases = node.entries.get("aliases")
        if isinstance(aliases, Scalar):  # those of another column
            other = mapping(described.entries.get(aliases.text), aliases.text)
            aliases = other.entries.get("aliases")
        pairs = aliases.entries.items() if isinstance(aliases, Mapping) else ()
        return Column(
            name,
            () if _NO_HEADER & set(node.entries) else texts(node, "header") or (name.replace("_", " "),),
            kind,
            texts(node, "of"),
            text(node, "split"),
            text(node, "required") == "true",
            frozenset(heading(word) for word in texts(node, "empty")),
            tuple((heading(word), target.text) for word, target in pairs if isinstance(target, Scalar)),
            text(node, "help"),
            text(node, "example"),
            text(node, "listed_in"),
            texts(node, "from"),
            named=text(node, "named", "{}"),
            unless=text(node, "unless"),
            like=text(node, "like"),
            beside=text(node, "beside"),
            match=text(node, "match"),
            form=texts(node, "form"),
            pad=number(node, "pad"),
            drops=text(node, "drops") == "true",
            join=text(node, "join"),
            heads=text(node, "heads") == "true",
        )

    def sheet(name: str, node: Mapping) -> SheetMap:
        described = mapping(node.entries.get("columns"), "columns")
        columns = {key: column(key, mapping(value, key), described) for key, value in described.entries.items()}
        for each in columns.values():
            if each.beside and each.beside not in columns:
                raise wrong(node, f"{each.beside} is no column.", f"Columns are {', '.join(columns)}.")
        records = node.entries.get("records")
        if not isinstance(records, Sequence) or not all(isinstance(item, Mapping) for item in records.items):
            raise wrong(node, "has no records.", "List what a row makes, as in a case sheet.")
        found = tuple(item for item in records.items if isinstance(item, Mapping))
        for item in found:
            for condition in (item.entries.get(key) for key in CONDITIONS):
                for name_of_column in condition.entries if isinstance(condition, Mapping) else ():
                    if name_of_column not in columns:
                        raise wrong(item, f"{name_of_column} is no column.", f"Columns are {', '.join(columns)}.")
            for scalar in scalars(item):
                for placeholder in PLACEHOLDER.findall(scalar.text):
                    if placeholder not in columns and placeholder not in BUILT_IN:
                        raise wrong(scalar, f"{{{placeholder}}} is no column.", f"Columns are {', '.join(columns)}.")
        key = text(node, "key", next(iter(columns), ""))
        return SheetMap(name, columns, key, found, text(node, "help"), text(node, "rows"), texts(node, "versions"))

    top = mapping(tree, "the profile")
    sheets = mapping(top.entries.get("sheets"), "sheets")
    expected = mapping(top.entries.get("expected", Mapping({}, top.line)), "expected")

    def pairs(key: str) -> dict[str, str]:
        node = top.entries.get(key)
        entries = node.entries.items() if isinstance(node, Mapping) else ()
        return {name: value.text for name, value in entries if isinstance(value, Scalar)}

    return Profile(
        folder.name,
        folder,
        text(top, "label", folder.name),
        text(top, "description"),
        text(top, "licence"),
        text(top, "hasStatus", "Reported"),
        text(top, "import", "{profile}"),
        pairs("about"),
        mapping(top.entries.get("source"), "source"),
        tuple(sheet(name, mapping(node, name)) for name, node in sheets.entries.items()),
        {state: number(expected, state) for state in expected.entries},
        pairs("example"),
        text(top, "access") == "RestrictedAccess",
    )
