"""信息填报: the screens of the sections, all made from the registry."""
