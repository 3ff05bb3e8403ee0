"""Running a study: the inputs of the rules, one replication of one policy, and all of them side by side."""
