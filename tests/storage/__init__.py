"""The database, its upgrades and its repositories, on real files."""
