"""The demonstration place's mail server: it takes every mail over SMTP, delivers none, and keeps each as a file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Keep:
    """Keeps what arrives in a folder, a file for each mail, named in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self.count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Keep one mail."""
        self.count += 1
        part = self.folder / f".{secrets.token_hex(8)}"
        part.write_bytes(envelope.content)
        part.rename(self.folder / f"{self.count:07d}.eml")
        return "250 kept"


async def _listen(folder: Path, host: str, port: int) -> None:
    handler = Keep(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), host, port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            _listen(
                Path(os.environ["POST_FOLDER"]),
                os.environ.get("SMTP_HOST", "127.0.0.1"),
                int(os.environ.get("SMTP_PORT", "1025")),
            )
        )
