"""Use-cases, one file a feature; the outside is seen only through Protocols."""
