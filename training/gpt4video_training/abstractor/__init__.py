"""Step 1: the visual abstractor that turns four frames into 65 language-model tokens."""
