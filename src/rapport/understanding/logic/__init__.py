"""Pure rules of understanding: numpy and the standard library, no Django, no I/O, no clock."""
