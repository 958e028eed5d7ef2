"""A small audit file that says whatever it is given, wherever texts of the graph or of a caller come in."""

from __future__ import annotations

from datetime import date

from hrdd_graph.dossier.model import Dossier, Entry, Graph, Match, Named, Place, Record, Reply, RuleNote, Supplier

HOME = "https://w3id.org/hrdd-graph/"


def dossier_saying(text: str) -> Dossier:
    """One finding, one record, one reply and one line of a list, all saying the text."""
    thing = Named(f"{HOME}id/organisation/x", text)
    documented = Named(f"{HOME}ontology#Documented", "Documented")
    record = Record("E1", thing, thing, documented, thing, text, description=text, notes=(text,), firmness=(1,))
    reply = Reply(thing, (thing,), (thing,), text, Place(thing, text))
    entry = Entry(
        number=1, iri=f"{HOME}finding/some-rule/0123456789abcdef", rule="some-rule", version="1.0.0", label=text,
        severity="high", raised="", focus=thing, own=True, sentence=text, records=(record,),
        mentions=(Place(thing, text),), provisions=(thing,), settled_by=text, replies=(reply,), waiver=None,
        impact=None, salience=None,
    )  # fmt: skip
    return Dossier(
        kind="portfolio", title="", subjects=(thing,), unnamed=False, language="en", as_of=date(2026, 11, 20),
        known_on=None, digest="sha256:0", software="hrdd-graph", formula="", entries=(entry,), register=(record,),
        replies=(reply,), looked=(), absences=(), disputes=(), norms=(),
        rules=(RuleNote("some-rule", "1.0.0", text, text, text, (thing,), 1),),
        graphs=(Graph(f"{HOME}graph/x", text, "https://creativecommons.org/licenses/by/4.0/", None, True),),
        suppliers=(Supplier(2, text, text, "sure", (Match(thing, 1.0, (("equal", 1.0),), text),), (1,)),),
        beyond=0, receipt="hrdd1.x",
    )  # fmt: skip
