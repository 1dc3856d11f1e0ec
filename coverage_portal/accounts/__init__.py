"""Users, the areas they answer for, sign-in, and the trace of every change."""
