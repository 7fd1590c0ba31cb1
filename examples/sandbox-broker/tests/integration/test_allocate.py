"""Allocates a sandbox and gives it back."""
