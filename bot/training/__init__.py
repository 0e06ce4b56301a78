"""Training: real messages worth a look, masked, grouped, and what trainers say of them."""
