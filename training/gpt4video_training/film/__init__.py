"""The film model: video autoencoder and text-conditioned diffusion transformer."""
