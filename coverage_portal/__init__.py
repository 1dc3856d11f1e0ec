"""The coverage portal: composition root and floor of the house."""
