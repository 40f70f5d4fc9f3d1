"""The workspace: a folder with cmo.yaml, strategy.yaml and what cmo keeps."""

from cmo.workspace.company import Company
from cmo.workspace.config import Config, Source
from cmo.workspace.document import Document, Place
from cmo.workspace.validation import nearest, validated
from cmo.workspace.workspace import Workspace

__all__ = ["Company", "Config", "Document", "Place", "Source", "Workspace", "nearest", "validated"]
