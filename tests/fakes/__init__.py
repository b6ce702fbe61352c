"""Stand-ins for what the tests must control: time, and Discord on the wire."""
