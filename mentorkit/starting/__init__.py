"""Starting a program: reading a roster that nobody has described yet, trying models on it, writing the first file."""
