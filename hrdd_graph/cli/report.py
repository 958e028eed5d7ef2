"""hrdd report"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hrdd_graph.cli._common import (
    AsOfOption,
    KnownOnOption,
    LanguageOption,
    OutputOption,
    RootOption,
    StoreOption,
    WeightsOption,
    note,
    output,
    view_of,
)


def command(
    store: StoreOption = None,
    root: RootOption = None,
    firm: Annotated[str | None, typer.Option("--firm", metavar="IRI", help="A firm, as mineria-yanacocha.")] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="IRI", help="An industrial cluster, as yanacocha-mining.")
    ] = None,
    country: Annotated[str | None, typer.Option("--country", metavar="CODE", help="A country, as PE.")] = None,
    regime: Annotated[str | None, typer.Option("--regime", metavar="LAW", help="A law, as germany-lksg.")] = None,
    portfolio: Annotated[
        Path | None, typer.Option("--portfolio", metavar="FILE", help="A list of suppliers: CSV or XLSX.")
    ] = None,
    severity: Annotated[str, typer.Option("--severity", help="Only at or above: high, medium or low.")] = "",
    principle: Annotated[
        list[str] | None, typer.Option("--principle", help="Only by rules that rest on this UN Guiding Principle.")
    ] = None,
    right: Annotated[
        list[str] | None, typer.Option("--right", help="Only about this article of the Universal Declaration.")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option("--topic", help="Only on this topic or a narrower one.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Of a list in CSV that is not UTF-8.")] = None,
    weights: WeightsOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", help="html, pdf, docx, xlsx, json or jsonld; else by the name of the output."),
    ] = None,
    waivers: Annotated[
        Path | None,
        typer.Option("--waivers", metavar="FILE", help="A file or folder of waivers. Without it: data/waivers/."),
    ] = None,
    output_file: OutputOption = None,
    language: LanguageOption = "en",
) -> None:
    """Write an audit file about a firm, a cluster, a country, a law, or a list of suppliers.

    It holds the findings with their sources, the order of the impacts, what is not known, what bears on which duty of
    which law, the method and the receipt. Of a list, sure matches are linked, unsure ones are listed for a person, and
    nothing is merged.
    """
    from hrdd_graph.dossier.ask import Narrowing, Question, report_on, report_on_list
    from hrdd_graph.dossier.portfolio import read_portfolio
    from hrdd_graph.dossier.writers import writer
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.gaps.facets import choose, severities_from
    from hrdd_graph.gaps.salience import parse_weights
    from hrdd_graph.gaps.waivers import read_waivers
    from hrdd_graph.matching.graph import directory_of
    from hrdd_graph.matching.names import legal_forms
    from hrdd_graph.ontology import read_vocabulary
    from hrdd_graph.rules import read_rules
    from hrdd_graph.speech import languages

    named = {"firm": firm, "cluster": cluster, "country": country, "regime": regime}
    given = [kind for kind, text in named.items() if text is not None] + ["portfolio"] * (portfolio is not None)
    if len(given) != 1:
        raise UnusableInput.one(
            "hrdd report",
            "needs one thing to report on."
            if not given
            else f"was given {' and '.join(given)}; it takes one at a time.",
            fix="Name --firm, --cluster, --country, --regime or --portfolio.",
        )
    suffix = output_file.suffix.removeprefix(".").lower() if output_file else ""
    chosen = writer(format or ("html" if suffix in ("", "htm") else suffix))
    rows = read_portfolio(portfolio, encoding) if portfolio else ()
    weighed = parse_weights(weights)
    if severity:
        severities_from(severity, "--severity")
    resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
    rules = read_rules(resources)
    own = resources.data / "waivers"
    where = waivers or (own if own.is_dir() else None)
    set_aside = read_waivers(where, (rule.name for rule in rules)) if where else ()
    facets = choose(view, {"principle": principle or (), "right": right or (), "topic": topic or ()})
    vocabulary, only = read_vocabulary(resources.ontology / "hrdd.ttl"), Narrowing(severity, facets)
    question = Question(view, rules, vocabulary, language, set_aside, weighed, only=only)
    if portfolio:
        dossier = report_on_list(question, directory_of(view, legal_forms(resources.data)), rows)
    else:
        dossier = report_on(question, given[0], named[given[0]] or "")
    with output(output_file, binary=chosen.BINARY) as stream:
        chosen.write(dossier, stream)
    if language.partition("-")[0] not in languages():
        note(f"there are no words of the report in {language}; they are in English")
    if output_file:
        note(f"{output_file}: {len(dossier.entries)} findings, {len(dossier.register)} records")
