"""From a question and its history to an answer; knows no surface."""
