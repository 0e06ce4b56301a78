"""The manager's figures: counted once a day, shown for any period, taken away as CSV."""
