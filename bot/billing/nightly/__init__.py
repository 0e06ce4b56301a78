"""What every open bill costs on a day, computed at night for all of them at once."""
