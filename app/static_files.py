"""Styles and scripts as they were packed when they were built, smaller than packing on demand."""

from flask import Flask, Response, current_app, request, send_from_directory

#: How a file can be packed, the smallest first, with the ending of its name.
FORMS = {"br": ".br", "gzip": ".gz"}
#: Files that lie beside their packed forms, by ``vendor/build.mjs``.
PACKED = frozenset({"build/sarn.css", "build/sarn.js", "build/sarn-htmx.js"})


def init_app(app: Flask) -> None:
    """Send the packed form of a file where there is one and the browser reads it."""
    app.view_functions["static"] = _send_and_close


def _send_and_close(filename: str) -> Response:
    """Close the file with the response, also where it is packed on the way out."""
    response = _send(filename)
    close = getattr(response.response, "close", None)
    if close is not None:
        response.call_on_close(close)
    return response


def _send(filename: str) -> Response:
    if filename not in PACKED:
        return current_app.send_static_file(filename)
    form = next((each for each in FORMS if request.accept_encodings[each]), None)
    if form is None:
        response = current_app.send_static_file(filename)
    else:
        folder, name = str(current_app.static_folder), filename.rpartition("/")[2]
        response = send_from_directory(folder, filename + FORMS[form], download_name=name)
        response.headers["Content-Encoding"] = form
    response.vary.add("Accept-Encoding")
    return response
