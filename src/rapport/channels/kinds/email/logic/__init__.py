"""Pure rules about mails."""
