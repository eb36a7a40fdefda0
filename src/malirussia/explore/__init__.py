"""The way from a question to a frame of one's own: what there is, one panel of it, and out into other tools."""
