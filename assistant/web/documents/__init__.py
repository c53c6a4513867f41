"""The page 文件: the table of documents, uploads, catalogue entries, comparison of versions, the trash."""
