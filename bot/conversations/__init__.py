"""The durable middle: inbox → who owns this conversation → dialogue → outbox."""
