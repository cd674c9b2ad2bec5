"""JSON for programs: the keyring, filing, the reporter's mailbox, the desk (docs/protocol.md).

Bytes travel as base64url without padding, dates as 2026-11-22. An error is
{"error": code, "message": sentence}. There is no CORS: other sites' scripts are not answered.
"""
