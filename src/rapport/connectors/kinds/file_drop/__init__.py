"""Files dropped into a folder for a system without an API: one per action, once per key, an answer file read back."""
