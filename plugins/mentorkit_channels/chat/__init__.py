"""Messages for chat: what a message says, and how each service is told to show it."""
