"""Whether a literal is of a datatype and well formed (https://www.w3.org/TR/xmlschema11-2/), as a SPARQL condition.

SPARQL itself tells well-formed numbers (isNUMERIC), and comparing a literal with a constant fails where the literal is
ill-formed; other datatypes are known by their lexical form.

Oxigraph keeps the value of a number, boolean or time and not its spelling, and reads ``"5"^^xsd:byte`` as the integer
5. What it keeps of a derived integer type is therefore ``xsd:integer``, so that type is accepted within the range.
"""

from __future__ import annotations

from collections.abc import Mapping

from hrdd_graph.namespaces import RDF, XSD
from hrdd_graph.terms import Iri, Literal, sparql_text

_UNBOUNDED: tuple[int | None, int | None] = (None, None)

# The range of each type derived from xsd:integer.
INTEGERS: Mapping[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
_NUMBERS = ("integer", "decimal", "double", "float")
# Two constants of each type, so far apart that every well-formed literal of it compares with one of them, whatever
# their time zones: it lies above the first or below the second.
_COMPARABLE: Mapping[str, tuple[str, str]] = {
    "date": ("1990-01-01", "2000-01-01"),
    "dateTime": ("1990-01-01T00:00:00", "2000-01-01T00:00:00"),
    "gYear": ("1990", "2000"),
    "gYearMonth": ("1990-01", "2000-01"),
    "dayTimeDuration": ("PT0S", "PT1S"),
    "yearMonthDuration": ("P0M", "P1M"),
}
_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAYS = "(0[1-9]|[12][0-9])"
_DAY = "(0[1-9]|[12][0-9]|3[01])"
_LEXICAL: Mapping[str, str] = {
    "boolean": r"^(true|false|1|0)$",
    "time": rf"^(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?){_ZONE}$",
    "gMonth": rf"^--(0[1-9]|1[0-2]){_ZONE}$",
    "gDay": rf"^---{_DAY}{_ZONE}$",
    "gMonthDay": rf"^--((0[13578]|1[02])-{_DAY}|(0[469]|11)-({_DAYS}|30)|02-{_DAYS}){_ZONE}$",
    "duration": r"^-?P((([0-9]+Y([0-9]+M)?|[0-9]+M)([0-9]+D)?|[0-9]+D)(T.+)?|T.+)$",
    "hexBinary": r"^([0-9A-Fa-f]{2})*$",
    "base64Binary": r"^([A-Za-z0-9+/ ]*=?=?)$",
    "language": r"^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$",
}


def is_of_datatype(value: str, datatype: Iri) -> str:
    """The condition that a variable, such as ``?value``, is a well-formed literal of the datatype; may be an error."""
    name = datatype.value.removeprefix(XSD[""].value)
    has_type = f"isLiteral({value}) && DATATYPE({value}) = {datatype}"
    if datatype == RDF.langString:
        return f'isLiteral({value}) && LANG({value}) != ""'
    if name in INTEGERS:
        least, most = INTEGERS[name]
        bounds = [f"{value} >= {least}"] if least is not None else []
        bounds += [f"{value} <= {most}"] if most is not None else []
        kept = f"(DATATYPE({value}) = {datatype} || DATATYPE({value}) = {XSD.integer})"
        return f"isNUMERIC({value}) && {kept} && {' && '.join(bounds)}"
    if name in _NUMBERS:
        return f"isNUMERIC({value}) && DATATYPE({value}) = {datatype}"
    if name in _COMPARABLE:
        first, second = (sparql_text(Literal(text, datatype=datatype)) for text in _COMPARABLE[name])
        return f"{has_type} && ({value} > {first} || {value} < {second})"
    if name in _LEXICAL:
        return f"{has_type} && REGEX(STR({value}), {sparql_text(Literal(_LEXICAL[name]))})"
    return has_type
