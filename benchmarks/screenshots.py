"""Screenshots of the main pages, for the documentation.

    python -m benchmarks.screenshots [FOLDER]

Writes small JPEG files into FOLDER (docs/screenshots): each page 1280 pixels wide, the start page on a phone and in the
dark as well, a finding in Spanish too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from benchmarks._chromium import served

_DAY = "as_of=2026-11-20"
_PAGES = {
    "start": f"/?{_DAY}",
    "gaps": f"/gaps?country=PE&{_DAY}",
    "finding": f"/gaps/certified-open-abuse/fc31565f507d0dea?{_DAY}",
    "firm": f"/id/organisation/mineria-yanacocha?{_DAY}",
    "rights": f"/rights?by=country&{_DAY}",
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    wide: list[tuple[str, str, int, Literal["light", "dark"]]] = [(n, p, 1280, "light") for n, p in _PAGES.items()]
    with served() as (browser, base):
        for name, path, width, scheme in [
            *wide,
            ("start-phone", _PAGES["start"], 360, "light"),
            ("start-dark", _PAGES["start"], 1280, "dark"),
            ("finding-es", f"{_PAGES['finding']}&language=es", 1280, "light"),
        ]:
            context = browser.new_context(
                base_url=base, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
            )
            page = context.new_page()
            page.goto(path)
            page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=70)
            context.close()
            print(folder / f"{name}.jpg")


if __name__ == "__main__":
    main()
