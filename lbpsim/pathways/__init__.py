"""What happens to a person: state, hazards, effects. Knows nothing of files or charts."""
