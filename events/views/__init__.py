"""Pages of WHEN, one module per job."""
