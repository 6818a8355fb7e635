"""Pure rules that channel kinds share."""
