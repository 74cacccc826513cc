"""The sections of the report, each a function from the material to blocks of the view model."""
