"""附件: how files come in and who may see them."""
