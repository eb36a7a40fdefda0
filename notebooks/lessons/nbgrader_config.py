"""Settings of nbgrader for the course: for `make lessons`, and for a teacher who grades with nbgrader."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "mali_russia"
# A comment instead of an error: an untouched notebook runs to its end.
c.ClearSolutions.code_stub = {"python": "# Write your answer here."}
c.ClearSolutions.text_stub = "Write your answer here."
# A check that a student has deleted counts all the same.
c.OverwriteCells.add_missing_cells = True
# The feedback says in words what is missing; the hidden part of a check would tell the solution.
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]
