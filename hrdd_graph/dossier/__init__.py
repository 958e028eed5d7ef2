"""Audit files: what a view shows of a firm, a cluster, a country, a law or a list of suppliers, as one document.

``ask`` puts the question to a view, ``compose`` makes the document (``model``), ``layout`` puts it on paper in the
reader's language, and each module of ``writers`` writes it in the format that it is named after.
"""
