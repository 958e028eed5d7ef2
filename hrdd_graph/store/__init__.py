"""Stores: one small interface, an embedded one and a remote one."""

from hrdd_graph.store.base import Answer, QueryError, Rows, Scope, Store, StoreError, ask, select
from hrdd_graph.store.side_by_side import side_by_side

__all__ = ["Answer", "QueryError", "Rows", "Scope", "Store", "StoreError", "ask", "select", "side_by_side"]
