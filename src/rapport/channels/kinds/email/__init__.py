"""Customers by e-mail: mails in, conversations as everywhere, answers out.

Knows mails, mail servers and the threads of mailboxes. Knows nothing of procedures or of what an answer says: a mail
becomes a customer's message, and whatever the conversation says in public goes out once, through the outbox of this
package alone. Proof of a mailbox is recorded with the conversation; what it is worth the assistant decides.
"""
