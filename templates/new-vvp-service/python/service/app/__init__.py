"""What the service is made of."""
