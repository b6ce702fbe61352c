"""The outside sources, against recorded answers and against everything a server can do wrong."""
