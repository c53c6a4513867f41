"""Files to documents, documents to sections, paragraphs, sentences and passages."""
