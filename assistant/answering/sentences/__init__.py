"""Which sentences answer: candidates, their scores, what the structure answers."""
