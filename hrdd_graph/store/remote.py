"""A remote store: any service that speaks the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import QueryResultsFormat, parse_query_results

from hrdd_graph.store.base import Answer, AnswerCut, QueryError, Scope, StoreError, select_from
from hrdd_graph.store.dialects import PROBE, in_one_spelling, rows_cut_at, why_incomplete, why_unreliable
from hrdd_graph.terms import RdfFormat, parse

if TYPE_CHECKING:
    import httpx

_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, text/turtle;q=0.8"


class RemoteStore:
    """A SPARQL endpoint named by the operator; callers' queries never name one."""

    def __init__(self, endpoint: str, *, timeout: float = 60.0) -> None:
        import httpx

        self._endpoint = endpoint
        self._client: httpx.Client = httpx.Client(timeout=timeout, follow_redirects=False)

    @property
    def name(self) -> str:
        return self._endpoint

    def query(self, text: str, scope: Scope) -> Answer:
        return self._read(self._ask(text, scope))

    def why_unreliable(self) -> str:
        """Why its answers to the rules cannot be relied on, as far as is known; empty otherwise. Asks the service."""
        reply = self._ask(PROBE, Scope())
        rows = select_from(self._read(reply), self.name).rows
        return why_unreliable(reply.headers.get("server", ""), rows[0][0] if len(rows) == 1 else None)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _ask(self, text: str, scope: Scope) -> httpx.Response:
        import httpx

        form: dict[str, str | list[str]] = {"query": text}
        if scope.graphs is not None:
            named = scope.graphs if scope.named is None else scope.named
            form |= {"default-graph-uri": list(scope.graphs), "named-graph-uri": list(named)}
        try:
            reply = self._client.post(self._endpoint, data=form, headers={"Accept": _ACCEPT})
        except httpx.HTTPError as error:
            raise StoreError(f"{self._endpoint} is out of reach: {error}") from error
        if reply.status_code == httpx.codes.BAD_REQUEST:
            raise QueryError(f"{self._endpoint} refused the query: {reply.text[:500]}")
        if reply.status_code != httpx.codes.OK:
            raise StoreError(f"{self._endpoint} answered {reply.status_code}: {reply.text[:200]}")
        if most := rows_cut_at(reply.headers):
            raise AnswerCut(self._endpoint, most)
        if why := why_incomplete(reply.headers):
            raise StoreError(f"{self._endpoint} gave a part of the answer only: {why}. Raise its limit of time.")
        return reply

    def _read(self, reply: httpx.Response) -> Answer:
        media_type = reply.headers.get("content-type", "").partition(";")[0].strip()
        try:
            if form_of_results := QueryResultsFormat.from_media_type(media_type):
                content = reply.content
                if form_of_results == QueryResultsFormat.JSON:
                    content = in_one_spelling(content)
                return parse_query_results(content, form_of_results)
            if form_of_graph := RdfFormat.from_media_type(media_type):
                return [quad.triple for quad in parse(reply.content, form_of_graph)]
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self._endpoint} answered with broken {media_type}: {error}") from error
        raise StoreError(f"{self._endpoint} answered with {media_type or 'no media type'}, which is no SPARQL result.")
