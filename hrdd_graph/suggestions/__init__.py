"""Rights that a text may be about. A person decides; what she accepts has the basis ``hrdd:SuggestedAccepted``."""
