"""Pages about people: one's own account, everybody's accounts, teams."""
