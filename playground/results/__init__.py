"""Results: their value and JSON, the fold that makes them from events, facts derived from them.

Knows `domain` only. Does not know who runs a model or who shows the result.
"""
