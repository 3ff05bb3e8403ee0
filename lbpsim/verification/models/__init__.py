"""Small models on the same engine, each with an answer known without it. Knows nothing of back pain."""
