"""Log-in, one's own account, and the page of users: `login.py`, `users.py`."""
