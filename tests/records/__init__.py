"""Records in and out: files as people really send them."""
