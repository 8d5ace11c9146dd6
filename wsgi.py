"""Entry point: ``app`` for a web server; run as a program, a whole site on one machine."""

import os
import socket
import sys

import click
from flask import Flask
from flask_migrate import upgrade
from waitress import create_server

from app import create_app, jobs, sample
from app.config import Config

HOST = "127.0.0.1"

app = create_app()


def main(site: Flask) -> int:
    """Prepare the database, load the sample once, and serve until stopped; return the status."""
    port = os.environ.get("PORT", "8000")
    listening = _listen(port)
    if listening is None:
        return 1
    try:
        accounts = _prepare(site)
    except KeyboardInterrupt:
        click.echo("\nหยุดแล้ว เริ่มใหม่เพื่อเตรียมต่อ / Stopped; start again to go on from here.")
        return 130
    stop = jobs.start_in_background(site)
    server = create_server(site, sockets=[listening], threads=8, ident="")
    click.echo(sample.welcome(f"http://{HOST}:{listening.getsockname()[1]}/", accounts))
    server.run()
    stop.set()
    click.echo("\nปิดแล้ว / Stopped.")
    return 0


def _listen(port: str) -> socket.socket | None:
    """Take the port before any work is done; say what is wrong if it cannot be had."""
    if not port.isdecimal() or int(port) > 65535:
        click.echo(f"PORT={port} is not a port; choose a number up to 65535.", err=True)
        return None
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, int(port)))
    except OSError as error:
        click.echo(
            f"พอร์ต {port} ใช้ไม่ได้ ลองพอร์ตอื่น เช่น PORT=9000 make run\n"
            f"Port {port} cannot be used ({error.strerror}). "
            "Choose another: PORT=9000 make run",
            err=True,
        )
        listening.close()
        return None
    return listening


def _prepare(site: Flask) -> sample.SampleAccounts:
    config: Config = site.config["SARN"]
    with site.app_context():
        upgrade()
        if config.is_production:
            return ()
        click.echo("กำลังเตรียมข้อมูลตัวอย่าง / Preparing the sample ...")
        return sample.load_once(config.instance_path)


if __name__ == "__main__":
    sys.exit(main(app))
