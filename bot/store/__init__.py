"""Keeps everything in one SQL database: SQLAlchemy Core, Alembic migrations, a hash-chained audit."""
