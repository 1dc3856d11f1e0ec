"""Django's PostgreSQL backend over the embedded server: `HOST` is the server's data folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base, client

from . import server


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the psql of the embedded server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        params = self.connection.get_connection_params()
        self.connection.settings_dict |= {"HOST": params["host"], "PORT": str(params["port"])}
        self.executable_name = str(server.program("psql"))
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; the server is started first if none answers."""
        address = server.at(Path(self.settings_dict["HOST"])).address()
        params: dict[str, Any] = super().get_connection_params()
        return {**params, "host": address.host, "port": address.port}
