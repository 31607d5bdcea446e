"""The HTTP server: a front process that never imports PyTorch, and one worker process per device."""
