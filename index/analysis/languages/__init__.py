"""What differs between languages: detection, scripts, folded letters, stems, stop words."""
