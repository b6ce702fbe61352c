"""Pictures: templates of SVG, and the worker that draws them."""
