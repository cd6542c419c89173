"""Rules over the words of one question and of one sentence: what is asked for, what can be it.

Nothing here knows an article, an index or a model.
"""
