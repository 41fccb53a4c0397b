"""注册和激活: how persons and units come to an account of their own."""
