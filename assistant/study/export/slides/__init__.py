"""A pack as slides: what stands on them, how they look, the .pptx."""
