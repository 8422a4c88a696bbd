"""The cartoon world: scenes, what is true of them, and their pixels."""
