"""The simulated server: its private names, and the page driven by a browser."""
