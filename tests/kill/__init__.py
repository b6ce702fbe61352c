"""The bot is killed while it works."""
