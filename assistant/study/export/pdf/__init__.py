"""A pack as PDF: fonts, Chinese paragraphs, the document."""
