"""What moderators load, through the services, on a real database."""
