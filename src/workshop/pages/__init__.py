"""Pages: the nbconvert exporter ``malirussia_report``, the builder behind ``make report``, and print."""

from workshop.pages.exporter import MenuExporter, ReportExporter

__all__ = ["MenuExporter", "ReportExporter"]
