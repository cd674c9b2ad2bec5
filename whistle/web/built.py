"""When the browser's part was built: pages tell their scripts, who judge a keyring's age by it.

The later of this day and the server's date counts, never the device's clock (protocol section 2).
"""

BUILT_ON = "2026-11-22"
"""The day of the release; it moves with the version."""
