"""What happened on a day, counted: agreements, promises, payments, disputes, and what was late."""
