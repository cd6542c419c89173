"""The interface for programs: JSON and event streams under /api, and tools under /mcp."""
