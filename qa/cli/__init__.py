"""The command line: each command parses, calls and renders; what it calls is in the rooms below. One file a noun, no
logic.
"""
