"""Where a variable that is bound outside may be asked for: SPARQL evaluates a group in braces by itself.

A filter sees the variables of its own group. One in OPTIONAL sees those around it too, and one in EXISTS whatever its
row has; one in a plain group in braces or in a branch of UNION sees neither, so that it never holds.
See https://www.w3.org/TR/sparql11-query/#variableScope.
"""

from __future__ import annotations

from hrdd_graph.sparql.groups import Bind, Element, Filter, Group, Nested, Union, render


def out_of_sight(group: Group, variable: str, *, seen: bool = True) -> str:
    """The first filter or BIND of a group that asks for a variable which it cannot see, as SPARQL; empty for none.

    ``seen`` says whether the variable is bound in the group, or around it where the group can look out.
    """
    for element in group.elements:
        found = _in_element(element, variable, seen=seen or variable in group.certain)
        if found:
            return found
    return ""


def _in_element(element: Element, variable: str, *, seen: bool) -> str:
    if isinstance(element, Filter | Bind):
        asked = element.expression.variables.union(*(e.group.mentioned for e in element.expression.exists))
        return render(element) if variable in asked and not seen else ""
    if isinstance(element, Nested) and element.keyword == "OPTIONAL":
        return _in_optional(element.group, variable, seen=seen)
    groups = element.groups if isinstance(element, Union) else (element.group,) if isinstance(element, Nested) else ()
    return next((found for group in groups if (found := out_of_sight(group, variable, seen=False))), "")


def _in_optional(group: Group, variable: str, *, seen: bool) -> str:
    """Only the filters of OPTIONAL look out; what else stands in it is evaluated by itself."""
    inner = Group(tuple(e for e in group.elements if not (isinstance(e, Filter) and seen)))
    return out_of_sight(inner, variable, seen=False)
