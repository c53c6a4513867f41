"""How the bundled encoder is made: `python -m training --data ../shared/data --out assistant/models/bundled`."""
