"""What supervisors do: the wall, approvals, quality, texts and hours."""
