"""From a change of a graph to the nodes for which a query may now answer otherwise, and from nodes to what it can see.

    scope = scope_of(parse_group(...))                   # a query's group, read once
    nodes = focus_within_reach(scope, statements, walker)  # up: whom a change may matter to
    quads = neighbourhood(scope, nodes, walker)            # down: every statement that is looked at for them

Gap rules (``hrdd_graph.gaps.incremental``) and shapes (``hrdd_graph.shacl.again``) are asked again by this.
"""
