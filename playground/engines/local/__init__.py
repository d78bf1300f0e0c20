"""Models run in this process with transformers. The only room of `engines` that imports torch.

`engine` is the door and imports it late: looking a model up must not cost the seconds that torch
takes to import. Knows no server, no page and no other lane.
"""
