"""Slash commands, menus and components: one feature, one thin file."""
