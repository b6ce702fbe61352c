"""What the commands of ``python -m bot`` show while they work."""
