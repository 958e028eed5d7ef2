"""SHACL, set at a time: any shapes graph, each constraint as one SPARQL query for all its focus nodes.

    shapes = read_shapes(graph)         # an rdflib.Graph, or triples or quads of this library -> Shapes
    compiled = compile_shapes(shapes)   # -> Compiled: queries, and the shapes that fall back to a SHACL engine
    results = run(view, compiled)       # a View or a Store -> list[Result], in a stable order
    after = revalidate(view, compiled, results, change)  # the same after a change, for what it reaches alone
    report = validate(data, shapes)     # two rdflib graphs -> a graph with one sh:ValidationReport

These five and ``Result`` are what others build on. Read are all targets, paths, core constraints and ``sh:sparql``;
`components/` has a module for each family of constraints, and a new one needs no other change. What a query cannot say
(a shape that refers to itself, a pattern that is no regular expression of SPARQL) goes shape by shape to pySHACL, which
is also what tests compare with.
"""

from hrdd_graph.shacl.again import Revalidated, revalidate
from hrdd_graph.shacl.compile import Compiled, compile_shapes
from hrdd_graph.shacl.records import ShapeResult, check_shapes, check_store
from hrdd_graph.shacl.report import report_graph, validate
from hrdd_graph.shacl.result import Result
from hrdd_graph.shacl.run import run
from hrdd_graph.shacl.shapes import IllFormed, Shape, Shapes, read_shapes

__all__ = [
    "Compiled",
    "IllFormed",
    "Result",
    "Revalidated",
    "Shape",
    "ShapeResult",
    "Shapes",
    "check_shapes",
    "check_store",
    "compile_shapes",
    "read_shapes",
    "report_graph",
    "revalidate",
    "run",
    "validate",
]
