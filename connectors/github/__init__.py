"""GitHub: issues and pull requests of repositories, at github.com or GitHub Enterprise."""
