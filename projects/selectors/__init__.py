"""Reading projects: what compliance is derived from, and what the pages show of it."""
