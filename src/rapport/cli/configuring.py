"""Set an installation up from the terminal: staff, tokens, inboxes, the shop, articles."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.kernel.errors import InvalidInput, NotFound

ROLES = ("administrator", "supervisor", "agent", "analyst", "marketer", "dpo")


def add_parsers(commands: Commands) -> None:
    """`staff`, `token`, `inbox`, `connect-shop`, `articles`."""
    staff = commands.add_parser("staff", help="add a member of staff; PASSWORD, or asked for")
    staff.add_argument("email")
    staff.add_argument("--name", required=True)
    staff.add_argument("--role", choices=ROLES, default="agent")
    staff.set_defaults(run=run_staff)
    token = commands.add_parser("token", help="make an API token for a member of staff and print it once")
    token.add_argument("email")
    token.add_argument("--name", default="command line")
    token.set_defaults(run=run_token)
    inbox = commands.add_parser("inbox", help="add an inbox and print its tokens")
    inbox.add_argument("name")
    inbox.add_argument("--kind", choices=("web", "api"), default="web")
    inbox.add_argument("--brand", default="")
    inbox.set_defaults(run=run_inbox)
    shop = commands.add_parser("connect-shop", help="connect the shop over HTTP; SHOP_KEY, or asked for")
    shop.add_argument("address", help="base address, such as https://shop.example/api/v1")
    shop.add_argument("--currency", default="EUR")
    shop.set_defaults(run=run_connect_shop)
    system = commands.add_parser(
        "connect", help="connect a system of some kind from a YAML file; KEY_SECRET, or asked for"
    )
    system.add_argument("kind", help="table, mail, sql, case, woocommerce, shopify")
    system.add_argument("key", help="its actions begin with it; a shop platform's is shop")
    system.add_argument("file", type=Path, help="the form's fields by name, without the secret")
    system.set_defaults(run=run_connect)
    articles = commands.add_parser(
        "articles", help="import help-centre articles from YAML files, or write them"
    )
    articles.add_argument("folder", type=Path)
    articles.add_argument("--export", action="store_true", help="write the articles to the folder")
    articles.set_defaults(run=run_articles)


def _django() -> None:
    from rapport import bootstrap

    bootstrap.set_up_django()


def run_staff(options: argparse.Namespace) -> int:
    """Add a member of staff."""
    _django()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError

    from rapport.accounts import api as accounts

    password = os.environ.get("PASSWORD") or getpass.getpass("Password: ")
    try:
        validate_password(password)
        accounts.create_staff(options.email, options.name, options.role, password)
    except ValidationError as problem:
        raise InvalidInput(" ".join(problem.messages), field="password") from problem
    except IntegrityError as problem:
        raise InvalidInput("There is already an account with this e-mail.", field="email") from problem
    sys.stdout.write(f"{options.email} may sign in as {options.role}.\n")
    return 0


def run_token(options: argparse.Namespace) -> int:
    """Make a token."""
    _django()
    from rapport.accounts import api as accounts
    from rapport.accounts.models import User

    user = User.objects.filter(email=options.email.lower(), is_active=True).first()
    if user is None:
        raise NotFound("There is no active account with this e-mail.")
    sys.stdout.write(accounts.create_token(user, options.name) + "\n")
    return 0


def run_inbox(options: argparse.Namespace) -> int:
    """Add an inbox."""
    _django()
    from rapport.conversations import api as conversations

    inbox = conversations.create_inbox(
        options.name, options.kind, settings={"brand": options.brand} if options.brand else {}
    )
    what = "website token" if options.kind == "web" else "inbox identifier"
    sys.stdout.write(f"{what:<18} {inbox.identifier}\nHMAC secret        {inbox.hmac_token}\n")
    return 0


def run_connect_shop(options: argparse.Namespace) -> int:
    """Connect the shop and ask it a harmless question."""
    _django()
    from rapport.connectors import api as connectors

    key = os.environ.get("SHOP_KEY") or getpass.getpass("API key of the shop: ")
    connectors.save_connector("shop", "shop", options.address, key, {"currency": options.currency})
    try:
        connectors.find_shop_customer(email="nobody@example.invalid")
    except connectors.ConnectorDown as problem:
        sys.stderr.write(f"Saved, but the shop does not answer: {problem}\n")
        return 1
    sys.stdout.write("Connected; the shop answers.\n")
    return 0


def run_connect(options: argparse.Namespace) -> int:
    """Connect a system by its form and ask it a harmless question."""
    import yaml

    _django()
    from rapport.connectors import api as connectors

    try:
        given = yaml.safe_load(options.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as problem:
        raise InvalidInput(f"{options.file} is not read: {problem}", field="file") from problem
    if (
        not isinstance(given, dict)
        or not all(isinstance(v, str) for v in given.values())
        or "secret" in given
    ):
        raise InvalidInput("The file holds texts by the form's field names, and no secret.", field="file")
    form = connectors.FORMS.get(options.kind)
    takes_secret = form is not None and any(field.name == "secret" for field in form.fields)
    secret = os.environ.get("KEY_SECRET", "")
    if takes_secret and not secret and sys.stdin.isatty():
        secret = getpass.getpass("Secret (empty keeps the present one): ")
    connectors.connect_by_form(options.kind, options.key, {**given, "secret": secret})
    try:
        said = connectors.check_connector(options.key)
    except connectors.ConnectorDown as problem:
        sys.stdout.write(f"Saved, but it does not answer: {problem}\n")
        return 1
    sys.stdout.write(f"{options.key} is connected: {said}.\n")
    return 0


def run_articles(options: argparse.Namespace) -> int:
    """Import articles, or write them to files."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.knowledge import api as knowledge

    if options.export:
        count = knowledge.export_articles(options.folder)
        sys.stdout.write(f"{count} articles written\n")
        return 0
    if not options.folder.is_dir():
        raise NotFound(f"There is no folder {options.folder}.")
    report = knowledge.import_articles(options.folder, bootstrap.load_encoder())
    sys.stdout.write(f"{report.created} new, {report.changed} changed, {report.unchanged} unchanged\n")
    return 0
