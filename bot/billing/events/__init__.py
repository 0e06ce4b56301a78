"""What happened in billing, told to whoever wants to know: recorded with the change itself."""
