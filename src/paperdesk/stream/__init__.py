"""The WebSocket half of the API: topics, and one socket without the socket."""
