"""The pages of projects: how long the server takes for each, with few projects and with many."""
