"""Stores: one small interface, an embedded one and a remote one."""

from hrdd_graph.store.base import Answer, QueryError, Rows, Scope, Store, StoreError, ask, select

__all__ = ["Answer", "QueryError", "Rows", "Scope", "Store", "StoreError", "ask", "select"]
