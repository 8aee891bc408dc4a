"""Model types of transformers, small, with inputs made up for them."""
