"""Models from the Hugging Face hub: finding, downloading and verifying them."""
