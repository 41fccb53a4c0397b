"""The programs that are compared. Each module has ``application()``, ``cookie(app, user)``
and ``counting()``, and reads its database from DATABASE_URL."""
