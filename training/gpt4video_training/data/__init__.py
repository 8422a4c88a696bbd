"""Dialogues, captions and the canonical scene sentence built from the cartoon world's truth."""
