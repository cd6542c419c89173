"""The web application: a page to ask articles on, served by FastAPI."""
