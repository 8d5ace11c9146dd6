"""Write the files of the results report, in both languages, one after the other."""

from collections.abc import Callable

from app.i18n import LANGUAGES
from app.mail.writing import in_language
from app.reports.wording import document
from consultations.reporting import data, docx_file, pdf_file
from consultations.reporting.editions import Loaded

#: Each is given the share of a hundred at which it begins.
Report = Callable[[str, int], None]


def files(loaded: Loaded, report: Report) -> dict[str, bytes]:
    """Return the files by their names; without PDF where this machine cannot make any."""
    made: dict[str, bytes] = {}
    draws = pdf_file.is_possible()
    for place, language in enumerate(LANGUAGES):
        report("wording", 10 + 40 * place)
        with in_language(language):
            worded = document(loaded.report)
        report("docx", 15 + 40 * place)
        made[f"report-{language}.docx"] = docx_file.written(worded, loaded.report.made_at)
        if draws:
            report("pdf", 25 + 40 * place)
            made[f"report-{language}.pdf"] = pdf_file.written(worded)
    report("writing", 90)
    made["report.json"] = data.json_file(loaded.report)
    made.update(data.csv_files(loaded.report, loaded.outcomes))
    return made
