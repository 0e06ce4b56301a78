"""Wake-ups of the worker."""
