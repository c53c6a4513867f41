"""What everything else stands on: errors, settings, text, dates, links, long work."""
