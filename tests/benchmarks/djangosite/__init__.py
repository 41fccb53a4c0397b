"""Django's admin as it comes, over the same tables: an application of unmanaged models."""
