"""The services, on a real database."""
