"""Read Word and OpenDocument texts: their styles, tracked changes, references and facts, and pandoc's tree of them."""
