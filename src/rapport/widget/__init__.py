"""The customer widget: a small loader for other people's pages and the page it shows in an iframe.

Knows how an inbox's widget looks and which files make it up. What customers may do is decided in `channels`;
everything the page does goes through that API.
"""
