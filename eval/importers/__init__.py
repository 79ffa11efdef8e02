"""Other people's data sets as gold sets."""
