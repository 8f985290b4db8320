"""Take from the lines of a page what is not Markdown: components, admonitions, templates."""
