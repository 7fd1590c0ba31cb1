"""Keeps receipts of key events."""
