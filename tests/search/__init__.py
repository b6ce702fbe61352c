"""Finding entries and titles."""
