"""The conventions as rules with ids."""
