"""`kb bench elicitation`: how well elements are found in labelled notes, and how long an interview takes."""
