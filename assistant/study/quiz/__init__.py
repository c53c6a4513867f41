"""Quizzes: papers written, marked and counted."""
