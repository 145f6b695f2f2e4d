"""What the parts of a transaction share: the connection it runs on."""

from sqlalchemy import Connection


class Unit:
    """One unit of work on one connection; whoever opened the connection commits or rolls back."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
