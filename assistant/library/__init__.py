"""The corpus folder as people change it: added, replaced, removed, compared."""
