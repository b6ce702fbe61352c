"""Content files: what is read, what is refused, and how a fault is told."""
