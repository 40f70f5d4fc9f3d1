"""Charts of a brief: plain rows in, a Vega-Lite specification out."""
