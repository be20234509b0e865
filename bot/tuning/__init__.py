"""Tuning the sentence encoder on our own sentences. Needs PyTorch, which nothing else here does: `make tune-encoder`."""
