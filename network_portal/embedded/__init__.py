"""PostgreSQL and Valkey from wheels, for the demo, the tests and a developer's machine."""
