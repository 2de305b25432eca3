"""A living district with made-up people: deterministic, built once, the same names every time."""
