"""Telling programs elsewhere what happened: signed messages (Standard Webhooks), tried until they arrive."""
