"""HTML that stands alone: one file, no scripts, nothing loaded from anywhere."""
