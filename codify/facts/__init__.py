"""Typed facts of a text: amounts, durations, limits, dates, numbers to call, versions, yes and no."""
