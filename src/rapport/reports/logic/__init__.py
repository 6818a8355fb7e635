"""Pure rules: what a contact and a run came to, how figures are made of them."""
