"""Policy assistant: cited answers from Chinese policy speeches and documents."""

__version__ = "0.1.0"
