"""Which questions a paper takes, and how it is edited."""
