"""Wijkwijzer: the Dutch-language assistant of a Belgian local police zone."""
