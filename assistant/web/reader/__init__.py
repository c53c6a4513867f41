"""The reader beside the chat: whole documents, their marks and places."""
