"""What the process says of itself over HTTP to whoever watches over it; members never come here."""
