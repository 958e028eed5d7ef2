"""How heavy the pages are and how soon they show something, in Debian's Chromium on this machine.

    python -m benchmarks.pages [RUNS]

Each page is opened RUNS times (5) in a fresh tab over a server in this process that has answered it once before, as a
server does in use. Prints a Markdown table: bytes sent, and the first contentful paint as minimum, median and maximum.
"""

from __future__ import annotations

import statistics
import sys

from benchmarks._chromium import served

PAGES = (
    *("/", "/gaps", "/gaps?country=PE&sort=salience", "/gaps/certified-open-abuse/fc31565f507d0dea", "/rights"),
    *("/id/organisation/mineria-yanacocha", "/id/cluster/sialkot-football", "/search?q=yanacocha", "/queries"),
)
_PAINT = """new Promise(done => new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint')
  .forEach(entry => done(entry.startTime))).observe({type: 'paint', buffered: true}))"""
_BYTES = "performance.getEntries().reduce((sum, entry) => sum + (entry.decodedBodySize || 0), 0)"


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| page | kB | first paint, ms: min | median | max |\n|---|--:|--:|--:|--:|")
    with served() as (browser, base):
        for path in PAGES:
            paints, size = [], 0
            for run in range(runs + 1):
                context = browser.new_context(base_url=base, viewport={"width": 1440, "height": 900})
                page = context.new_page()
                page.goto(path)
                if run:  # the first one warms the server up
                    paints.append(float(page.evaluate(_PAINT)))
                    size = int(page.evaluate(_BYTES))
                context.close()
            low, middle, high = min(paints), statistics.median(paints), max(paints)
            print(f"| `{path}` | {size / 1000:.0f} | {low:.0f} | {middle:.0f} | {high:.0f} |")


if __name__ == "__main__":
    main()
