"""Pure rules and values: no I/O, no Discord, no clock."""
