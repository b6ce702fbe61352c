"""Content files in, checked packs out."""
