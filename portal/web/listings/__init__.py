"""The lists of a property: which rows, which columns, what stands in each cell. For the page and for the file."""
