"""Counted membership by difference, against the merge it goes with and against counting everyone."""
