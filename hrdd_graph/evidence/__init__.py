"""Evidence in: case sheets and what is derived from them when they are read."""
