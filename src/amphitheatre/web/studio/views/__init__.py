"""Pages and addresses of rooms; thin: they ask the rules, the queries and the domain."""
