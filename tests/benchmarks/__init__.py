"""How fast it is, as ratios in one run: `make bench`, or `python -m tests.benchmarks`.

Absolute figures swing with the machine and with who else uses it. So each goal is measured beside
its floor, in turns, in the same run, and what counts is the ratio. Everything runs on 127.0.0.1,
with the program that an operator starts (`whistle serve`), against organisations made up for it.

One JSON object goes to standard output, progress to standard error. Time never makes it fail; an
error that a client got, or an answered report that is gone, does.
"""
