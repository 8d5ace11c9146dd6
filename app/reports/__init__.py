"""The words of the results report, and the job that writes its files."""
