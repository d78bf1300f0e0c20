"""Models behind a server's HTTP: any OpenAI-compatible one, and Ollama's own API.

What tells one server from another is data in `profiles`; the code is the same for all of them.
"""
