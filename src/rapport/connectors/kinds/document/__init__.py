"""Documents filled from a case's data as PDF: a return label, a complaint form, a withdrawal form, or one's own."""
