"""The rules of the house, held by tests over its source."""
