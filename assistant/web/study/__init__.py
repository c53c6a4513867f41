"""The page 学习材料: study packs built, edited and exported; routes, checked requests and JSON views."""
