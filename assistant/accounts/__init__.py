"""Who may use the assistant: accounts, passwords, sessions, lock-out, rate limits, the audit log."""
