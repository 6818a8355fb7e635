"""Makes a data directory for a live system: tables, desk, procedures, a tiny model, a shop's address.

Run as a program, with the shop's address and secret as arguments.
"""

from __future__ import annotations

import sys

from rapport import bootstrap


def main(shop_url: str, secret: str) -> None:
    """Prepare ``DATA_DIR``."""
    config = bootstrap.set_up_django()
    from rapport.cli.demo import STEPS
    from rapport.connectors import api as connectors
    from rapport.understanding import api as understanding
    from rapport.understanding.contracts import Example

    for step in ("tables", "desk", "procedures"):
        STEPS[step](config)
    connectors.save_connector("shop", "shop", shop_url, secret)
    connectors.connect_by_form("document", "documents", {"shop": "Lumen & Oak"})
    words = {
        "order_status": (
            "where is my order",
            "track my parcel",
            "is my order on its way",
            "order status please",
        ),
        "return_items": ("return my lamp", "send the shoes back", "I want to give it back", "start a return"),
        "out_of_scope": ("what is the weather", "who won the match", "tell me a joke", "book me a flight"),
    }
    examples = [Example(text, label, "en") for label, texts in words.items() for text in texts]
    model, _ = understanding.train(examples, None)
    understanding.save_model(model, bootstrap.model_dir(config.data_dir))


if __name__ == "__main__":
    main(*sys.argv[1:])
