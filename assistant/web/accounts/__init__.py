"""Pages of log-in and users."""
