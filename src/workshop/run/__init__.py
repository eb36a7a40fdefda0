"""Running notebooks, and writing files whole or not at all."""
