"""Reference documentation, generated from the files that it documents."""
