"""Shutten (出典): answers about articles, every statement cited down to the sentence."""

__version__ = "0.1.0"
