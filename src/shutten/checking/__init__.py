"""Whether a claim that a language model wrote is borne out by sentences of the articles."""
