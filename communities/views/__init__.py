"""Pages of WHO, one module per subject."""
