"""Step 0a: the small CLIP, a vision transformer and a text encoder trained together."""
