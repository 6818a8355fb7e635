"""Pure editing of definitions: paths, changes, text, conditions and cards."""
