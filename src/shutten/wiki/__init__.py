"""Wikis kept current in the index: Markdown folders, DokuWiki and MediaWiki."""
