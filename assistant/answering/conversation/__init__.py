"""Questions one after the other: follow-ups made whole, carried out, kept, exported."""
