"""Verdicts: what a list of judged runs says of its lanes, in numbers with their uncertainty.

Derived from attempts whenever asked for and never stored. Knows documents, results and judging;
does not know who shows a verdict. Importing this loads nothing: `from_document` makes groups,
`weighing` a verdict, `curve` a budget curve, `words` what they say, `pictures` and `drawing` what
is drawn of them.
"""
