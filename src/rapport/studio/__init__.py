"""The procedure editor: drafts of definitions, their forms, a preview as the customer, test cases, versions.

It knows procedures and what connected systems offer; who rehearses is given from outside. It never performs an action.
"""
