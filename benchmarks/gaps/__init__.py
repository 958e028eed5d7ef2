"""The gap engine side by side with others, on a synthetic graph whose gaps are known."""
