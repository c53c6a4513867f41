"""What stands before every route: host, limits, log-in, headers."""
