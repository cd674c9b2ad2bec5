"""Sealing, signing and checking: bytes in, bytes out.

Nothing here knows a database, a request, a file or a clock; dates and randomness are arguments.
The rules are those of docs/protocol.md, cited by section on the lines that carry them.
"""
