"""The HTTP server: a light front process that never imports PyTorch, and one worker process a device."""
