"""Scenario files: nodes of safe YAML, the keys that there are, types of fields, errors that teach."""
