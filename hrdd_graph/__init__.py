"""A human-rights due-diligence knowledge graph: firms, rights, evidence, and the gaps between words and deeds."""

__version__ = "0.1.0"
