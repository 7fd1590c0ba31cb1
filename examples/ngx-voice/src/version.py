"""Version of the voice agent."""

__version__ = "2.4.0"
