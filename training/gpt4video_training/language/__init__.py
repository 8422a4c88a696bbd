"""Step 2: LoRA on the language model's query and value projections."""
