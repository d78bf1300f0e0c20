"""Hugging Face Spaces: spaces.yml → what goes up, checks, upload; ZeroGPU.

Knows the Hub and the package `spaces`; knows no engine, no lane and no page.
"""
