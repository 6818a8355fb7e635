"""A Shopify shop, by its REST Admin API with an access token of a custom app."""
