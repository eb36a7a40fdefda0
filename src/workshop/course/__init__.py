"""The lessons: versions for students and teachers, hand-outs, the course for nbgrader."""
