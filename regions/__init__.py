"""Areas and the coverage measured in them."""
