"""Model text to HTML, on the server: nothing in the text can become markup, script or a request.

Knows text only: no page, no cell, no result.
"""
