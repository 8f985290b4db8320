"""One class for each kind of rows: settings, questions, lessons, privacy."""
