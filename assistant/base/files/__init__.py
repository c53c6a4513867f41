"""Files of every kind: their names, SQLite, spreadsheets, Word."""
