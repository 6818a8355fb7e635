"""Where HTTP meets the capabilities: settings, urls, middleware, base templates, static files, error mapping."""
