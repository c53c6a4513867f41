"""The documents of a pack as questions are made from them."""
