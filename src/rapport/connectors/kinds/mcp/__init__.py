"""Any MCP server as a source of actions."""
