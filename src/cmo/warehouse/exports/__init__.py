"""Known exports: what marketing tools hand out, recognised by its header, told as canonical rows."""
