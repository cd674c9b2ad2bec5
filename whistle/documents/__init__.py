"""Texts made of settings and data. No Flask, no database."""
