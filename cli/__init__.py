"""The `kb` command: one module per command group, over the same verbs as the service."""
