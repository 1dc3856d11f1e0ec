"""Breaks the modules of permissions and of imports in small ways, and sees whether a test notices."""
