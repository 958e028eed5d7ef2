"""Which methods an address takes (https://www.rfc-editor.org/rfc/rfc9110#name-methods), as the routes say.

An address belongs to the first pattern that fits it, whatever the method: ``GET /submissions/queue`` is no look at a
submission of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute


class Methods:
    """The methods of every pattern of addresses. ``beside`` are those that are answered outside of the routes."""

    def __init__(self, routes: Iterable[BaseRoute], beside: Mapping[str, set[str]]) -> None:
        found: dict[str, tuple[re.Pattern[str], set[str]]] = {}
        for route in routes:
            if isinstance(route, APIRoute):
                takes = set(route.methods or ())
                _, methods = found.setdefault(route.path, (route.path_regex, {"OPTIONS", *beside.get(route.path, ())}))
                methods |= takes | ({"HEAD"} if "GET" in takes else set())
        self._patterns = tuple((regex, frozenset(methods)) for regex, methods in found.values())

    def at(self, path: str) -> frozenset[str]:
        """The methods that an address takes."""
        return next((methods for regex, methods in self._patterns if regex.match(path)), frozenset({"OPTIONS"}))


def methods_of(request: Request) -> frozenset[str]:
    """The methods that the address of a request takes."""
    methods: Methods = request.app.state.methods
    return methods.at(request.scope["path"].removeprefix(request.scope.get("root_path", "")))


def check_method(request: Request) -> None:
    """Raises ``WrongMethod`` for a method that the address does not take, where a wider pattern would answer it."""
    methods = methods_of(request)
    if request.method not in methods:
        raise WrongMethod(methods)


class WrongMethod(Exception):
    """The address takes other methods; carries these."""

    def __init__(self, methods: Iterable[str]) -> None:
        self.methods = tuple(sorted(methods))
        super().__init__(", ".join(self.methods))
