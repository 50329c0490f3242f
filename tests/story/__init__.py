"""The story against real server processes, by HTTP and WebSocket alone."""
