"""What an alert becomes once a rule has rung: a row, a letter, an answer."""
