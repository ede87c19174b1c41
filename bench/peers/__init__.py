"""`kb bench peers`: the same documents and queries through other search engines, and through ourselves."""
