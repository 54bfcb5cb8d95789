"""What an operator may write, file by file. Each description is the text of the schema and of the reference."""
