"""What the forms of WHO read and check, one module per subject."""
