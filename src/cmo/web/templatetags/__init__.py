"""What templates may say in this room."""
