"""Pure rules of knowledge: analysing words, reading Markdown, ranking and calibrating."""
