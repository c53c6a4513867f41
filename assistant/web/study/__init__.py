"""The page of study packs."""
