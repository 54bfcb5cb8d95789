"""Read-only tools for assistants, by the Model Context Protocol over standard input and output: see ``docs/mcp.md``."""
