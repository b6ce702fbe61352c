"""The shipped content: how much there is, and that every page of it fits Discord."""
