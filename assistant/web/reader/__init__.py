"""The source reader beside the chat: whole documents with cited places marked, table of contents, and search."""
