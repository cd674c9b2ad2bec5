"""How the test vectors are made; run `python -m tests.vectors.make`."""
