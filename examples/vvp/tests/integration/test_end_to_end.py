"""Runs against a local stack or the deployed services, as VVP_TEST_MODE says."""
