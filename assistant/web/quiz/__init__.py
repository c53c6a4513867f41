"""The page 测验: routes, checked requests, and the JSON for trainees (`views.py`) and trainers (`trainer_views.py`)."""
