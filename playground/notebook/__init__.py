"""The notebook as a document: ordered cells with their runs, and the settings they run under.

Pure values and pure changes. Knows neither engines, files, nor the page.
"""
