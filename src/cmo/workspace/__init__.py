"""The workspace: a folder with cmo.yaml, strategy.yaml and what cmo keeps."""
