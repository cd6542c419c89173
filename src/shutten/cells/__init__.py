"""What tables answer as a whole: a cell by its row and column, the most, a rank, a year, a count.

Beside reading, which sees one row at a time: whatever is looked up here has seen all of them.
"""
