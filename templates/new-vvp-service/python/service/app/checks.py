"""What the service needs to work, by name; a check raises OSError if it is not there."""

from collections.abc import Callable, Mapping

CHECKS: Mapping[str, Callable[[Mapping[str, str]], None]] = {}
