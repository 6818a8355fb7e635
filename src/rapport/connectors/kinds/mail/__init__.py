"""One message sent by mail: over this installation's mail server or one of its own."""
