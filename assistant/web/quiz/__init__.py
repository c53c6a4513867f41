"""The page of quizzes."""
