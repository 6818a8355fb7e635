"""Run the shop alone: ``python -m demo_shop --port 8090 --database shop.db --secret change-me``."""

import argparse
from pathlib import Path

from demo_shop.app import create_app
from demo_shop.database import Database
from demo_shop.generate import generate
from demo_shop.page import WidgetSnippet
from demo_shop.snapshot import load_snapshot


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo_shop", description="A small demonstration shop.")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--database", type=Path, required=True, help="SQLite file; filled when empty")
    parser.add_argument("--secret", required=True, help="bearer token of the API")
    parser.add_argument("--base-path", default="", help="prefix, such as /shop")
    parser.add_argument("--seed", type=int, default=7, help="seed of the generated shop")
    parser.add_argument("--snapshot", type=Path, help="load this retail snapshot instead of generating")
    parser.add_argument("--widget", type=Path, help="file with the HTML of the chat widget")
    parser.add_argument("--identity-secret", help="key of the widget's identity hash")
    parser.add_argument("--allow-backdating", action="store_true", help="accept X-Occurred-At on writes")
    return parser.parse_args()


def is_empty(database: Path) -> bool:
    """Whether the shop has no customers yet."""
    shop = Database(database)
    with shop.reading() as connection:
        count = connection.execute("SELECT COUNT(*) FROM customer").fetchone()[0]
    shop.close()
    return not count


def main() -> None:
    """Fill the database when it is empty, then serve it."""
    import uvicorn  # noqa: PLC0415 - any ASGI server can run the shop; only this command needs one

    arguments = _parse_arguments()
    if arguments.snapshot:
        load_snapshot(arguments.database, arguments.snapshot)
    elif is_empty(arguments.database):
        generate(arguments.database, seed=arguments.seed)
    widget = None
    if arguments.widget:
        widget = WidgetSnippet(arguments.widget.read_text(encoding="utf-8"), arguments.identity_secret)
    app = create_app(
        arguments.database,
        secret=arguments.secret,
        base_path=arguments.base_path,
        widget=widget,
        allow_backdating=arguments.allow_backdating,
    )
    uvicorn.run(app, host=arguments.host, port=arguments.port, access_log=False)


if __name__ == "__main__":
    main()
