"""Synthetic cameras and voices: an operation drawn and spoken by the program itself.

A layer of its own beside `media` and `web`; imports neither. What it sends is what any encoder
would send, so that the demo, the tests and the benchmarks need no hardware and no recordings.
"""
