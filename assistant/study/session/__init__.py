"""The session: its plan, readings and flashcards."""
