"""The gap engine: rules over a view, set at a time, with the evidence behind each finding."""
