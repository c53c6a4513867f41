"""User feedback: the history of questions and remarks, the report on it, and gold questions made from it."""
