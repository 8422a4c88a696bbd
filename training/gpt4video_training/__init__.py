"""Training of the models that ship in models/cartoon."""
