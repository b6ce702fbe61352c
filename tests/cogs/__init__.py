"""The commands and components, on the simulated Discord."""
