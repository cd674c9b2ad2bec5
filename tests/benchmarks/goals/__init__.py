"""One module for each goal: what is measured, beside which floor."""
