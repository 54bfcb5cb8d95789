"""What comes in and goes out, as pydantic models: they check it, and the OpenAPI description is made of them."""
