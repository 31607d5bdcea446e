"""Finds, downloads and verifies models: from the Hugging Face hub, a folder or S3."""
