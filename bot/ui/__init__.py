"""How it looks: messages, components, component ids and forms."""
