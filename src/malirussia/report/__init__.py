"""HTML reports: the nbconvert exporter ``malirussia_report`` and the builder behind ``make report``."""

from malirussia.report.exporter import ReportExporter

__all__ = ["ReportExporter"]
