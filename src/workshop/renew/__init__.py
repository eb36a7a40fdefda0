"""What the repository keeps of the runs and of the descriptions."""
