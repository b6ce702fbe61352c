"""A guild lived through day by day."""
