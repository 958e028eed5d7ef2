"""How good the suggestions of rights are: on the abuses of each source without it, and on made-up texts.

    python benchmarks/suggestions.py

Prints Markdown tables. For an abuse of a source the suggester is made from a view without that source, so that neither
its records nor the links counted on them are there; it reads the description only, and the list is compared with the
provisions that the record infringes. A list is right where it holds one of them: at the level of articles (UDHR 23, an
ILO instrument) or of paragraphs (UDHR 23(4)). Since UDHR 23 and 25 are in most records, the list of the commonest
provisions of the other sources stands beside it, which knows nothing of the text; and the share of the recorded
articles that a list holds, which that cannot do. The texts of ``suggestions_made_up.yaml`` are ours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from hrdd_graph.build import build
from hrdd_graph.namespaces import compact, expand
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.suggestions.facts import Facts, Precedent, facts_of
from hrdd_graph.suggestions.suggester import Suggester, Weights
from hrdd_graph.suggestions.words import LANGUAGES, language_of
from hrdd_graph.view import View, open_view

ROOT = Path(__file__).resolve().parent.parent
FIRST = (1, 3, 5)
Judged = tuple[frozenset[str], list[str]]  # the provisions on record, and those suggested, best first
PARTS = {
    "all three": Weights(),
    "topics only": Weights(topics=1, wording=0, records=0),
    "wording only": Weights(topics=0, wording=1, records=0),
    "records only": Weights(topics=0, wording=0, records=1),
}


def held_out(view: View, facts: Facts) -> dict[str, tuple[Facts, list[Precedent]]]:
    """For each source with abuses: the facts without it, and its abuses."""
    found = {}
    for entry in view.entries:
        rest = facts_of(replace(view, entries=tuple(other for other in view.entries if other is not entry)))
        known = {record.iri for record in rest.precedents}
        own = [record for record in facts.precedents if record.iri not in known]
        if own and rest.topics:
            found[entry.graph.rpartition("/")[2]] = (rest, own)
    return found


def ranked(suggester: Suggester, text: str, language: str | None) -> list[str]:
    return [found.provision for found in suggester.suggest(text, language=language, limit=max(FIRST)).found]


def commonest(facts: Facts) -> list[str]:
    """The provisions that most abuses on record infringe."""
    counted = Counter(provision for record in facts.precedents for provision in record.provisions)
    return sorted(counted, key=lambda provision: (-counted[provision], provision))[: max(FIRST)]


def shares(judged: Sequence[Judged], of: Callable[[str], str]) -> list[float]:
    """The share of lists whose first 1, 3 and 5 hold a recorded provision, at the level that ``of`` leads to."""
    return [
        sum(bool({of(p) for p in wanted} & {of(p) for p in found[:first]}) for wanted, found in judged) / len(judged)
        for first in FIRST
    ]


def covered(judged: Iterable[Judged], of: Callable[[str], str]) -> float:
    """The mean share of a record's articles among the first five."""
    found = [len(_at(wanted, of) & _at(given, of)) / len(_at(wanted, of)) for wanted, given in judged]
    return sum(found) / len(found)


def _at(provisions: Collection[str], of: Callable[[str], str]) -> set[str]:
    return {of(provision) for provision in provisions}


def line(name: str, judged: Sequence[Judged], of: Callable[[str], str]) -> None:
    figures = [*shares(judged, of), *shares(judged, lambda p: p), covered(judged, of)]
    print(f"| {name} | {len(judged)} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")


def head(what: str) -> None:
    print(
        f"| {what} | texts | article, 1st | first 3 | first 5 | paragraph, 1st | first 3 | first 5 | of its articles |"
    )
    print("|---|---|---|---|---|---|---|---|---|")


def main() -> None:
    resources = open_resources(ROOT)
    store = EmbeddedStore.in_memory()
    build(resources, store)
    view = open_view(store)
    facts = facts_of(view)
    folds = held_out(view, facts)
    of = facts.article_of.__getitem__

    by_part: dict[str, dict[str, list[Judged]]] = {name: {} for name in (*PARTS, "the commonest")}
    for source, (rest, own) in folds.items():
        for name, weights in PARTS.items():
            suggester = Suggester(rest, weights)
            by_part[name][source] = [(r.provisions, ranked(suggester, r.text or r.label, "en")) for r in own]
        by_part["the commonest"][source] = [(r.provisions, commonest(rest)) for r in own]

    head("source held out")
    for source, judged in by_part["all three"].items():
        line(source, judged, of)
    for name, found in by_part.items():
        line(f"**all sources, {name}**", [pair for judged in found.values() for pair in judged], of)

    everything = [pair for judged in by_part["all three"].values() for pair in judged]
    usual = {expand("udhr:23"), expand("udhr:25")}
    rarer = [(wanted, given) for wanted, given in everything if not _at(wanted, of) & usual]
    if rarer:
        line("of these, the records without UDHR 23 and 25", rarer, of)

    places: dict[str, list[Judged]] = defaultdict(list)
    for wanted, given in everything:
        for article in _at(wanted, of):
            places[article].append((wanted, given))
    print("\n| article | abuses that infringe it | it is among the first 3 | first 5 |\n|---|---|---|---|")
    for article, judged in sorted(places.items(), key=lambda item: (-len(item[1]), item[0])):
        three, five = (sum(article in _at(given[:k], of) for _, given in judged) for k in (3, 5))
        print(f"| {compact(article)} | {len(judged)} | {three} | {five} |")

    print()
    head("made-up texts")
    suggester = Suggester(facts)
    texts = yaml.safe_load((ROOT / "benchmarks" / "suggestions_made_up.yaml").read_text("utf-8"))
    for language in LANGUAGES:
        judged = [(frozenset(map(expand, t["rights"])), ranked(suggester, t[language], language)) for t in texts]
        line(language, judged, of)
    told = sum(language_of(text[tag]) == tag for text in texts for tag in LANGUAGES)
    print(f"\nThe language is told rightly for {told} of {len(texts) * len(LANGUAGES)} made-up texts.")


if __name__ == "__main__":
    main()
