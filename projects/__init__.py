"""Construction projects, the workers enrolled, and what the law asks."""
