"""How fast the desk's lists are on a large record."""
