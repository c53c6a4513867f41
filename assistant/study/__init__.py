"""Study packs: what a trainer prepares for a session, made from the documents, every line with its source."""
