"""Every address of ours that stands in the graph leads to a page and to statements.

A few of each kind are walked to; all of them where HRDD_WALK is set.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from urllib.parse import quote

import httpx
import pytest

from hrdd_graph.namespaces import HOME
from hrdd_graph.view import View

_OF_A_KIND = 2
_ADDRESSES = f"""
SELECT DISTINCT ?iri WHERE {{
  {{ ?iri ?p ?o }} UNION {{ ?s ?iri ?o }} UNION {{ ?s ?p ?iri }} UNION {{ GRAPH ?iri {{ ?s ?p ?o }} }}
  FILTER ( isIRI(?iri) && STRSTARTS(STR(?iri), "{HOME}") )
}}"""


def addresses(view: View) -> list[str]:
    """The documents of all addresses of ours, without what stands behind a #; a few of each kind, or all of them."""
    found = sorted({str(row[0].value).partition("#")[0] for row in view.rows(_ADDRESSES) if row[0] is not None})
    kinds: dict[str, list[str]] = defaultdict(list)
    for iri in found:
        path = iri.removeprefix(HOME)
        kinds[re.sub(r"\d+", "0", path.rpartition("/")[0]) or path].append(iri)
    whole = bool(os.environ.get("HRDD_WALK"))
    return [iri for some in kinds.values() for iri in (some if whole else some[:: max(len(some) // _OF_A_KIND, 1)])]


@pytest.mark.parametrize("media_type", ["text/turtle", "text/html"])
def test_every_address_of_ours_leads_somewhere(server: str, view: View, media_type: str) -> None:
    lost = []
    with httpx.Client(base_url=server, headers={"Accept": media_type}, follow_redirects=True, timeout=120) as client:
        for iri in addresses(view):
            answer = client.get("/" + quote(iri.removeprefix(HOME), safe="/%:;,@&=+$!*'()~"))
            as_asked = answer.headers["content-type"].startswith(media_type) or iri.startswith(f"{HOME}data/")
            if answer.status_code != 200 or not as_asked:  # a data file is sent as it is
                lost.append(f"{iri}: {answer.status_code} {answer.headers['content-type']}")
    assert not lost, f"{len(lost)}: " + "\n".join(lost[:40])
