"""Buttons below answers: one class each, whose id holds all that it acts on."""
