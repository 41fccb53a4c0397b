"""业务审核: what the agents of an office see: desk, bench and bulk send."""
