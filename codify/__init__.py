"""From what was told to codified, checked knowledge: elicitation, drafts, near-duplicates, facts, checks.

Pure: values in, values out. Verbs that keep anything are in `kb`.
"""
