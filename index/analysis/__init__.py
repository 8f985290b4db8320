"""Text to terms: words, stems, sentences, names, synonyms."""
