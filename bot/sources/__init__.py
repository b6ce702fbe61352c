"""The outside sources: wire format in, domain values out. Nothing here schedules, keeps or chooses."""
