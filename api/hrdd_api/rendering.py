"""Pages: Jinja2 templates, and links that stay on this server."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request

from hrdd_api.retelling import retelling_for, shown
from hrdd_api.speech import languages, messages, spoken
from hrdd_graph import __version__
from hrdd_graph.labels import words
from hrdd_graph.namespaces import HOME, compact
from hrdd_graph.speech import OWN

MARKS = {"high": "■", "medium": "▲", "low": "●"}  # a shape for each severity, beside its word and colour
_PATH = re.compile(r"(?<![^\s(])(/[a-z][a-z0-9/_-]*(?:\?[a-z_]+=[a-z0-9-]*)?)(?=[\s.;,)]|$)")
_SAFE = "/#:@!$&'()*+,;=-._~%"


def local_path(iri: str, root: str = "") -> str:
    """Where this server answers for an address of ours, or an empty text for addresses of others."""
    return f"{root}/{quote(iri.removeprefix(HOME), safe=_SAFE)}" if iri.startswith(HOME) else ""


def href(iri: str, root: str = "") -> str:
    """Where a link to an address leads: here for ours, outside for others, nowhere for what is no web address."""
    if iri.startswith(HOME):
        return local_path(iri, root)
    return iri if iri.startswith(("http://", "https://")) else ""


def with_query(path: str, **parameters: Any) -> str:
    """A path with query parameters; those that are empty are left out."""
    given = {name: value for name, value in parameters.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def licence_name(iri: str) -> str:
    """What people call a licence."""
    found = re.fullmatch(r"https?://creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)/?", iri)
    if found:
        return f"CC {found[1].upper()} {found[2]}"
    found = re.fullmatch(r"https?://creativecommons\.org/publicdomain/zero/(\d\.\d)/?", iri)
    return f"CC0 {found[1]}" if found else iri.removeprefix("https://").rstrip("/")


def with_links(text: str, root: str = "") -> Markup:
    """A sentence of ours with the paths in it as links."""
    return Markup(_PATH.sub(lambda m: f'<a href="{root}{m[1]}">{m[1]}</a>', str(escape(text))))  # noqa: S704  (escaped)


@cache
def environment(language: str = OWN) -> Environment:
    """The templates of this package in a language, with autoescaping always on."""
    made = Environment(
        loader=PackageLoader("hrdd_api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(messages(language), newstyle=True)  # type: ignore[attr-defined]  # of the extension
    made.globals.update(version=__version__, marks=MARKS, home=HOME, with_query=with_query)
    say = messages(language).gettext

    def said(text: str) -> str:
        """A text that is not the template's own, in the reader's language; it stays text."""
        return say(text) if text else ""  # an empty message is the head of the catalogue

    made.filters.update(compact=compact, licence_name=licence_name, with_links=with_links, said=said)
    made.filters["named"] = lambda name: said(words(name))  # a name of a program: of a column, of what a rule binds
    return made


def page(request: Request, template: str, /, **context: Any) -> bytes:
    """Render a page for this request."""
    root = str(request.scope.get("root_path", ""))
    tongue = spoken(request)
    values: Mapping[str, Any] = {
        "spoken": tongue,
        "tongues": languages(),
        "here": lambda **changes: _here(request, **changes),
        "root": root,
        "path": request.url.path,
        "query": request.url.query,
        "href": lambda iri: href(iri, root),
        "retold": lambda text: shown(text, retelling_for(request)),
        **context,
    }
    return environment(tongue).get_template(template).render(values).encode()


def speech(request: Request) -> Callable[[str], str]:
    """What puts the words of a page into this reader's language."""
    return messages(spoken(request)).gettext


def _here(request: Request, **changes: Any) -> str:
    """The address of this page with some parameters changed."""
    given: dict[str, Any] = {name: request.query_params.getlist(name) for name in request.query_params}
    return with_query(request.url.path, **{**given, **changes})
