"""What a server, a thief or a colleague may try, and who notices.

test_lying_server.py has every lie that a server can put into its answers, read by the real code of
both sides: Python's, and the browser's in node. The table of docs/threat-model.md section 8 names
the test of each attack, also of those that are held elsewhere in this folder tree.
"""
