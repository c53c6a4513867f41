"""The set phrases of documents (提法)."""
