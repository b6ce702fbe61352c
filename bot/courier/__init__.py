"""Messages of the bot's own accord on their way to Discord: pacing, nonces, reading back, and what failures mean."""
