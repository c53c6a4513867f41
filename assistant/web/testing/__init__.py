"""The page 命中测试: explanations of single answers, question sets and their runs."""
