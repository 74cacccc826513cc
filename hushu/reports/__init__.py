"""Telling it: one view, many renderings; the review workbook; exports to catalogues and databases."""
