"""The real courier and the real client, against Discord on the wire."""
