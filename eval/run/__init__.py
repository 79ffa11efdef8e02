"""Running a system over a gold set: what it did with each question, kept in a folder; scoring is another step."""
