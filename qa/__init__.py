"""Ask a collection of news articles questions and get answers whose every statement is cited and checked."""

__version__ = "0.1.0"
