"""Studies: which of these, why, how sure, and what would it take. Pure functions of scenarios over one batch entry point.

Each asks the engine through `model/outcomes.py`, has a page, a subcommand of `revlens study` and a CSV.
"""
