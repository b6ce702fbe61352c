"""What Syllabot costs, beside a named baseline in the same run: ``python -m tests.bench`` (``make bench``)."""
