"""The import profiles as Markdown: a page for each, made from its file, its example and the tests of its answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hrdd_graph.intake.profile import Column, Profile, SheetMap
from hrdd_graph.intake.profile_file import profiles
from hrdd_graph.reference.tables_page import GENERATED, markdown_table
from hrdd_graph.resources import Resources

_KINDS = {
    "text": "text",
    "key": "a key: tells things apart, and becomes part of an address",
    "digest": "a key that tells nothing of the text",
    "date": "a date",
    "yesno": "yes or no",
    "choice": "a word that is known",
    "ref": "the key of another row",
    "thing": "something that the graph knows by its name, or something new",
}
_FORMS = {".csv": "a table (CSV, TSV, XLSX)", ".xlsx": "a workbook (XLSX, or a sheet of it as CSV or TSV)"}


def profile_pages(resources: Resources) -> dict[Path, str]:
    """The index and the page of each profile, by the file that they belong in."""
    found = profiles(resources)
    reference = resources.root / "docs" / "reference"
    answers = dict(_answers(resources.root / "tests" / "intake"))
    pages = {reference / "profiles" / f"{each.name}.md": _page(each, answers) for each in found}
    return {reference / "profiles.md": _index(found)} | pages


def _index(found: list[Profile]) -> str:
    lines = [
        GENERATED.format("data/profiles/"),
        "# Import profiles",
        "",
        "What `hrdd import PROFILE FILE` can read. A profile is a file in `data/profiles/`; "
        "[why it looks as it does](../decisions/0014-import-profiles.md). RDF that speaks the ontology needs none: "
        "`hrdd import rdf FILE`.",
        "",
        *markdown_table(
            ("profile", "reads", "what", "access"),
            ((f"[{p.name}](profiles/{p.name}.md)", _form(p), p.label, _access(p)) for p in found),
        ),
    ]
    return "\n".join(lines) + "\n"


def _page(profile: Profile, answers: dict[str, list[str]]) -> str:
    example = profile.example
    about = "".join(f' --about {key}="{value}"' for key, value in profile.example_about.items())
    counted = ", ".join(f"{count} {state}" for state, count in profile.expected.items())
    lines = [
        GENERATED.format(f"data/profiles/{profile.name}/profile.yaml"),
        f"# {profile.name}",
        "",
        f"**{profile.label}.** {profile.description}",
        "",
        f"- Reads {_form(profile)}.",
        f"- Licence of the data: {profile.licence or 'to be said with each file (`--about licence=...`)'}.",
        f"- Who may see what is imported: {_access(profile)}.",
    ]
    if example:
        place = f"data/profiles/{profile.name}/{example.name}"
        lines += [
            f"- Example: [{example.name}](../../../{place}), which makes {counted} (a test checks it):",
            "",
            f"      hrdd import {profile.name} {place}{about} --dry-run",
        ]
    notes = _notes(profile)
    if notes:
        lines += ["", "## What it makes of the data, and what it leaves out", "", notes]
    for sheet in profile.sheets:
        lines += ["", f"## {sheet.name}", "", *_sheet(sheet)]
    lines += ["", "## Known answers", ""]
    told = answers.get(profile.name, [])
    lines += [f"- {each}" for each in told] or ["None but what the example makes."]
    return "\n".join(lines) + "\n"


def _sheet(sheet: SheetMap) -> Iterator[str]:
    if sheet.help:
        yield from (sheet.help, "")
    if sheet.rows:
        yield from (f"A row is what stands at `{sheet.rows}` in the file.", "")
    columns = [column for column in sheet.columns.values() if column.headers or column.like]
    yield from markdown_table(
        ("header", "what it holds", "needed", "help"),
        ((_header(c), _kind(c), "yes" if c.required else "", c.help) for c in columns),
    )


def _header(column: Column) -> str:
    return " or ".join(f"`{header}`" for header in column.headers) or f"headers like `{column.like}`"


def _kind(column: Column) -> str:
    kind = _KINDS[column.kind]
    if column.kind == "choice":
        words = ", ".join(word for word, _ in column.aliases)
        kind = (
            f"one of {words}"
            if not column.of
            else f"a word for {', '.join(column.of).replace('subclass:', 'a kind of ')}"
        )
    return kind + (f"; several apart by `{column.split}`" if column.split else "")


def _form(profile: Profile) -> str:
    trees = [sheet for sheet in profile.sheets if sheet.rows]
    example = profile.example.suffix if profile.example else ""
    forms = [] if len(trees) == len(profile.sheets) else [_FORMS.get(example, _FORMS[".csv"])]
    if trees:
        forms.append("XML" if example == ".xml" else "JSON or JSON Lines")
    return ", or ".join(forms)


def _access(profile: Profile) -> str:
    return "those with a token" if profile.restricted else "everybody, unless `--restricted`"


def _notes(profile: Profile) -> str:
    """The comment at the head of the profile, which says how it reads the data and what it leaves out."""
    lines = (profile.folder / "profile.yaml").read_text(encoding="utf-8").splitlines()
    head = []
    for line in lines:
        if not line.startswith("#"):
            break
        head.append(line.removeprefix("#").strip())
    return "\n".join(head)


def _answers(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """For each profile what tests claim of the data that it reads, in the tests' own names."""
    found: dict[str, list[str]] = {}
    for path in (folder / "test_known_answers.py", folder / "test_ngo_tutorial.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name, node in functions.items():
            if not name.startswith("test_"):
                continue
            used = [node, *(functions[arg.arg] for arg in node.args.args if arg.arg in functions)]
            texts = {each.value for one in used for each in ast.walk(one) if isinstance(each, ast.Constant)}
            for text in texts:
                if isinstance(text, str):
                    claim = name.removeprefix("test_").replace("_", " ")
                    found.setdefault(text, []).append(f"{claim[0].upper()}{claim[1:]} (`{path.name}`).")
    yield from found.items()
