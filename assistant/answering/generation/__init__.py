"""A language model words the answer; each sentence is checked against its citations."""
