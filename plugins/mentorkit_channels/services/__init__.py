"""Services on the web: what each is asked, and what its answers mean. They are loaded when a channel is opened."""
