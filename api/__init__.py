"""FastAPI app, routes and pages."""
