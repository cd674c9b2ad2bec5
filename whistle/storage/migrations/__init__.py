"""The database's versions: numbered, applied at start, tested with data."""
