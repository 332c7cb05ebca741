"""How values look to people and scripts: one renderer per format."""
