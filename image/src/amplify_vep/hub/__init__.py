"""Models from the Hugging Face hub: found, fetched into a cache, and checked."""
