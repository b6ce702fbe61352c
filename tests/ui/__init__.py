"""How things look, apart from Discord."""
