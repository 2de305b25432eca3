"""People from spreadsheets: reading, understanding, applying and undoing."""
