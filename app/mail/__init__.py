"""Letters: how they are written, put into a message and handed to a mail server."""
