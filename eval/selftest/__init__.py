"""Scripted systems with known scores, which every metric must tell apart."""
