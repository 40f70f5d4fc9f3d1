"""Work in the background: asked for in pages, done by a worker, told in plain words."""
