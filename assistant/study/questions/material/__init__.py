"""What questions are made from: statements, answer spans, lists, distractors."""
