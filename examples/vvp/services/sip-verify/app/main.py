"""Entry point of sip-verify, a SIP redirect server on UDP."""

PORT = 5071
