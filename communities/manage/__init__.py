"""Pages under /manage/: people, roles, the journal, the labels."""
