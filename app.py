"""Starts the web page; the same as `python -m assistant serve`, options included."""

import sys

from assistant.cli.main import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
