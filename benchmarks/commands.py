"""How long the commands take as a user meets them: whole processes, several runs, minimum, median and maximum.

    python benchmarks/commands.py [RUNS]

Prints a Markdown table with the machine's description. The sum of build and gaps is what `make gaps` costs when
everything is installed.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HRDD = [sys.executable, "-m", "hrdd_graph.cli"]


def seconds(arguments: list[str], environment: dict[str, str]) -> float:
    """Wall-clock seconds of one run of the command line."""
    begun = time.perf_counter()
    subprocess.run([*HRDD, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(tempfile.mkdtemp(prefix="hrdd-bench-"))
    environment = {**os.environ, "HRDD_STORE": str(folder / "store"), "PYTHONDONTWRITEBYTECODE": ""}
    environment.pop("PYTHONDONTWRITEBYTECODE")
    commands = {
        "hrdd --help": ["--help"],
        "hrdd build": ["build"],
        "hrdd gaps": ["gaps"],
        "hrdd gaps --format json": ["gaps", "--format", "json"],
        "hrdd query": ["query"],
    }
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {runs} runs, seconds\n")
    print("| command | min | median | max |\n|---|---|---|---|")
    medians = {}
    try:
        for name, arguments in commands.items():
            seconds(arguments, environment)  # a first run fills the caches of the file system and of Python
            times = [seconds(arguments, environment) for _ in range(runs)]
            medians[name] = statistics.median(times)
            print(f"| `{name}` | {min(times):.2f} | {medians[name]:.2f} | {max(times):.2f} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nbuild and gaps together: {medians['hrdd build'] + medians['hrdd gaps']:.2f} s")


if __name__ == "__main__":
    main()
