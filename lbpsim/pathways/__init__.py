"""What happens to a person: state, hazards, effects. Knows nothing of engines, files or charts."""
