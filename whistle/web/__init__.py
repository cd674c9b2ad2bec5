"""The two faces: pages and JSON over HTTP. Thin: every rule lives below."""
