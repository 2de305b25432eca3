"""Pages of PROOF, one module per subject."""
