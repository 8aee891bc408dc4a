"""Models written by hand for MLX, which generated code is measured against."""
