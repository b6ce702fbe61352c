"""The simulated server in the browser."""
