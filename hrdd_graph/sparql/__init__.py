"""SPARQL as text: cutting a query into tokens, so that it can be checked and joined without guessing."""
