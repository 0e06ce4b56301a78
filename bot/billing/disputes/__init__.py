"""Disputes: "this is not mine", "this is wrong", until a person has answered."""
