"""Tables of what the shop does beside orders; rows of a shop that has none of it are simply missing."""

SERVICE_SCHEMA = """
CREATE TABLE IF NOT EXISTS invoice_copy (
    copy_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, customer_id TEXT NOT NULL, delivery TEXT NOT NULL,
    token TEXT NOT NULL, at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS invoice_copy_token ON invoice_copy (token);
CREATE TABLE IF NOT EXISTS claim_photo (
    claim_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (claim_id, position)
);
CREATE TABLE IF NOT EXISTS payment_attempt (
    attempt_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, customer_id TEXT NOT NULL,
    payment_method_id TEXT NOT NULL, amount_cents INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_attempt_customer ON payment_attempt (customer_id, at);
CREATE TABLE IF NOT EXISTS payment_link (
    link_id TEXT PRIMARY KEY, token TEXT NOT NULL, order_id TEXT NOT NULL, customer_id TEXT NOT NULL,
    amount_cents INTEGER NOT NULL, at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS warranty_claim (
    warranty_claim_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, line INTEGER NOT NULL, customer_id TEXT NOT NULL,
    fault TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS warranty_claim_order ON warranty_claim (order_id, line);
CREATE TABLE IF NOT EXISTS appointment (
    order_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, region TEXT NOT NULL, starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL, moves INTEGER NOT NULL, booked_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS appointment_window ON appointment (region, starts_at);
CREATE TABLE IF NOT EXISTS stock_notice (
    stock_notice_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, item_id TEXT NOT NULL, created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL, notified_at TEXT
);
CREATE INDEX IF NOT EXISTS stock_notice_item ON stock_notice (item_id);
CREATE TABLE IF NOT EXISTS redemption (
    redemption_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, points INTEGER NOT NULL,
    payment_method_id TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS redemption_customer ON redemption (customer_id);
CREATE TABLE IF NOT EXISTS points_bonus (
    bonus_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, points INTEGER NOT NULL, reason TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS points_bonus_customer ON points_bonus (customer_id);
CREATE TABLE IF NOT EXISTS subscription (
    subscription_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, item_id TEXT NOT NULL, every_days INTEGER NOT NULL,
    status TEXT NOT NULL, next_at TEXT NOT NULL, paused_until TEXT, created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS subscription_customer ON subscription (customer_id);
CREATE TABLE IF NOT EXISTS email_change (
    email_change_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, email TEXT NOT NULL, state TEXT NOT NULL,
    at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS newsletter (
    customer_id TEXT PRIMARY KEY, is_subscribed INTEGER NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS data_request (
    data_request_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    created_at TEXT NOT NULL, due_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS callback (
    callback_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, phone TEXT NOT NULL, topic TEXT NOT NULL,
    starts_at TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS callback_window ON callback (starts_at);
CREATE TABLE IF NOT EXISTS problem_report (
    report_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, topic TEXT NOT NULL, description TEXT NOT NULL,
    order_id TEXT, status TEXT NOT NULL, created_at TEXT NOT NULL, answer_by TEXT NOT NULL
);
"""

SERVICE_TABLES = (
    "invoice_copy", "claim_photo", "payment_attempt", "payment_link", "warranty_claim", "appointment", "stock_notice",
    "redemption", "points_bonus", "subscription", "email_change", "newsletter", "data_request", "callback",
    "problem_report",
)  # fmt: skip
"""None refers to another by a foreign key: an order that is taken back to an earlier day may be missing for a while."""
