"""``python -m hrdd_graph.ontology_checks [FILES]``: all checks of the ontology; exit code 2 where one finds something.

With FILES the whole is read together with them, and only what concerns them is reported.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.ontology_checks import checks, read_model, resource_files, run
from hrdd_graph.resources import open_resources


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m hrdd_graph.ontology_checks", description=__doc__)
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="ontology modules, shapes or queries")
    parser.add_argument("--root", type=Path, help="a folder with ontology/, shapes/, data/ and queries/")
    chosen = parser.parse_args(arguments)
    try:
        resources = open_resources(chosen.root)
        named = [path.resolve() for path in chosen.files]
        all_files = list(dict.fromkeys([*(path.resolve() for path in resource_files(resources)), *named]))
        model = read_model(all_files, resources)
    except UnusableInput as error:
        print(error, file=sys.stderr)
        return 2
    only = {model.shown(path) for path in named}
    problems = [problem for problem in run(model) if not only or problem.where in only]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(
        f"{len(checks())} ontology checks over {len(all_files)} files: {len(problems) or 'no'} problems",
        file=sys.stderr,
    )
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
