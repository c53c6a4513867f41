"""The page of hit testing and question sets."""
