"""Settings of nbgrader for the course: for `make lessons`, and for a teacher who grades with nbgrader."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors as steps

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "mali_russia"
# A comment instead of an error: an untouched notebook runs to its end.
c.ClearSolutions.code_stub = {"python": "# Write your answer here."}
c.ClearSolutions.text_stub = "Write your answer here."
# A submission is repaired, or refused in words, before anything of it runs.
c.Autograde.pre_convert_hook = "workshop.course.repair.find"
c.Autograde.exporter_class = "workshop.course.repair.Submission"
c.Autograde.sanitize_preprocessors = [
    "workshop.course.repair.Repair",
    steps.ClearOutput,
    steps.OverwriteCells,
    steps.CheckCellMetadata,
]
# The students' code runs behind a wall, the checks with the right answers apart from it.
c.Autograde.autograde_preprocessors = [
    "workshop.course.grading.GradeApart",
    steps.LimitOutput,
    steps.SaveAutoGrades,
    steps.AssignLatePenalties,
]
c.ExportApp.plugin_class = "workshop.course.grading.Grades"
# What Moodle calls a file that was handed in, alone or in a folder: "Ada Lovelace_4711_assignsubmission_file_".
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/]+)_\d+_assignsubmission_file_/?(?P<file_id>[^/]+)\.ipynb"
)
# The feedback says in words what is missing; the hidden part of a check would tell the solution.
c.GenerateFeedback.preprocessors = [steps.GetGrades, steps.ClearHiddenTests, CSSHTMLHeaderPreprocessor]
