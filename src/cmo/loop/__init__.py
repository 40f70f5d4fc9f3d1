"""The use cases: observe, measure, confront, remember, tell. Every face makes one call into this room."""
