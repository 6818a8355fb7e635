"""The second engine behind the port: any OpenAI-compatible server, held to a closed list of commands.

Personal data are replaced before a text leaves; what comes back is checked; a model never acts and never speaks.
"""
