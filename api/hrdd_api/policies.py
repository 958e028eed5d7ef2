"""What a browser may do with what it is sent: the values of the field Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib

FILE_POLICY = "default-src 'none'; sandbox"  # whatever a file holds, a browser does nothing with it


def page_policy(*, styles: str = "", framed_by: str = "'none'") -> str:
    """What a page may load: things of this server only, and ``styles``, the hashes of style elements that it adds."""
    sheets = f"'self' {styles}".strip()
    return (
        f"default-src 'none'; style-src {sheets}; script-src 'self'; connect-src 'self'; "
        f"img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
    )


FRAMED_POLICY = page_policy(framed_by="*")  # for a page that is made to stand in the frames of others


def style_hash(style: str) -> str:
    """The style sheet of a style element, as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def own_style_policy(style: str) -> str:
    """What a document that is made to be taken away may do: use the style sheet that it carries, and nothing else."""
    rest = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src {style_hash(style)}; {rest}"
