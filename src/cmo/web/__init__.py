"""The office: pages, people and background work, served by one command."""
