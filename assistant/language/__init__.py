"""What is known of the Chinese language and of no document: tokens, numerals, questions, names."""
