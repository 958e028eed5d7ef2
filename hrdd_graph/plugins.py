"""Features that are files: the public modules of a package, each named after what it gives."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from hrdd_graph.errors import UnusableInput


def modules_in(path: Iterable[str]) -> tuple[str, ...]:
    """The names of a package's modules, by the package's ``__path__``, without those that begin with ``_``."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_")))


def format_module(package: str, formats: tuple[str, ...], name: str) -> ModuleType:
    """The module of a package that writes a format. Raises ``UnusableInput`` naming the formats that there are."""
    if name not in formats:
        raise UnusableInput.one("--format", f"{name} is not a format.", fix=f"Choose one of {', '.join(formats)}.")
    return import_module(f"{package}.{name}")
