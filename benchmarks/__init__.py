"""What the portal's performance figures come from; README.md says how to run and read them."""
