// A form that came back with errors begins at the list of them.
document.querySelector(".govuk-error-summary")?.focus();
