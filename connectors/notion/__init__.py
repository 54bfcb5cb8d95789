"""The Notion connector: data sources as streams, their pages as items."""
