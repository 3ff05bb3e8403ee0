"""The lab: a page on this machine where policies are changed and compared without editing files."""
