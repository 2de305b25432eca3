"""Pages of WHAT."""
