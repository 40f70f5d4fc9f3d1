"""Brand: who knows it, who would choose it, what it stands for, and how loud it is."""
