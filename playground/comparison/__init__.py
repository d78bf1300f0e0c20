"""One request on both lanes: options, schedule, lease, merge, stop.

Knows engines by protocol only (an `open_engine` is handed in). Knows no page and no file.
"""
