"""From a table to a named graph: profiles, reading, mapping, checking, and saving what is sound.

    profile = read_profile(resources, "spreadsheet")          # data/profiles/spreadsheet/
    with table(path, profile) as rows: ...                    # CSV, TSV or XLSX, row by row
    result = run_import(profile, path, resources, ...)        # what is new, changed, unchanged, refused, and why

A mapping is written in the language of case sheets, with ``{columns}`` in it; docs/decisions/0014-import-profiles.md.
"""
