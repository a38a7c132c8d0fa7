"""Chinese numbers, grouped by three as in English. Long dates are Django's own, 2025年6月2日 07:30."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
# In tables, the same in both languages.
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
