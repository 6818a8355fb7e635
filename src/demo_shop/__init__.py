"""A small real shop: tables, an HTTP API with OpenAPI, and storefront pages.

It stands for the systems a customer-service product is connected to. It knows its own customers,
orders and policy, and nothing of the product that calls it; the only thing it takes from outside is a
piece of HTML to embed on its pages.
"""
