"""Pictures: pure functions from plain data to SVG, one module for each kind.

Every picture has a title and a description for those who do not see it, and no colour is the only sign of anything.
Colours come from ``style.css`` through classes; a page links to it, and a picture on its own carries it.
"""
