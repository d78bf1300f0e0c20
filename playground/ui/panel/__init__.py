"""The verdict below the notebook: in words, tables and pictures, over a cell, a list or all of it.

Weighs only while the panel is open. Knows what verdicts say; not how they are computed.
"""
