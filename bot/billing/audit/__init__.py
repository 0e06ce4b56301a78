"""Who changed what, when, under which policy: written by triggers, never changed."""
