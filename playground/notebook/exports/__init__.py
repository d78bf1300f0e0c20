"""A notebook as files and text for others: Markdown, one HTML page, tables, code, links.

Pure functions of the document and its settings. Knows no engine, no file and no page of ours.
"""
