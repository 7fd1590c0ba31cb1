"""Entry point of sip-redirect, a SIP redirect server on UDP."""

PORT = 5070
