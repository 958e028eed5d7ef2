"""Checks of the ontology that no reasoner makes: what every term must say, how it is named, what it must not do.

A check is a function with a docstring in one of the modules here (those without a leading underscore): it takes a
``Model`` and yields problems. It is found by standing there; there is no list. Names that begin with ``p`` and two
digits are those of the OOPS! catalogue of pitfalls (https://oops.linkeddata.es/catalogue.jsp).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module

from hrdd_graph.errors import Problem
from hrdd_graph.ontology_checks._model import Model, read_model, resource_files
from hrdd_graph.plugins import modules_in

Check = Callable[[Model], Iterator[Problem]]

__all__ = ["Check", "Model", "checks", "read_model", "resource_files", "run"]


@cache
def checks() -> Mapping[str, Check]:
    """Every check by its name."""
    found: dict[str, Check] = {}
    for name in modules_in(__path__):
        module = import_module(f"{__name__}.{name}")
        for check, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not check.startswith("_"):
                found[check] = function
    return found


def run(model: Model) -> tuple[Problem, ...]:
    """What all checks find, sorted, each problem once."""
    return tuple(sorted({problem for check in checks().values() for problem in check(model)}))
