"""A WooCommerce shop, by its REST API (`/wp-json/wc/v3`)."""
