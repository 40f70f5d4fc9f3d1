"""The same answers to an AI assistant, by the Model Context Protocol."""
