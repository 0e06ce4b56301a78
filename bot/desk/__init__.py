"""The operators' web console: people take over, help, and give back."""
