"""`kb eval` and `kb bench`: what is claimed, measured."""
