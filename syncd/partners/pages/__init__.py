"""The pages of visitors. Every look-up starts from the visitor's partner."""
