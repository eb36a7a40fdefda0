"""What makes things from the collection: runs notebooks, makes pages and courses, checks and renews.

Nothing here is imported by a notebook or by :mod:`malirussia`.
"""
