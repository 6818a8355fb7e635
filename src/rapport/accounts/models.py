"""Rows about staff."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from rapport.kernel.clock import now
from rapport.kernel.pii import Pii


class Role(models.TextChoices):
    """What a member of staff may do; permissions per role are in `logic/permissions.py`."""

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    ANALYST = "analyst"
    MARKETER = "marketer"
    DPO = "dpo"


class UserManager(BaseUserManager["User"]):
    """Makes members of staff; e-mails are stored lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A new member of staff; without a password they cannot sign in with one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff."""

    PII: ClassVar[Pii] = Pii(
        ("name", "email"), "staff account", "until the account is removed", "not a customer record"
    )

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    is_available = models.BooleanField(default=True)
    """Whether new conversations may be assigned."""
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who answer one kind of question."""

    PII: ClassVar[Pii] = Pii.none()

    name = models.CharField(max_length=80, unique=True)
    key = models.SlugField(max_length=40, unique=True)
    """Stable word used in procedures (``care``)."""
    description = models.CharField(max_length=200, blank=True, default="")
    members = models.ManyToManyField(User, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key with which a program acts as a member of staff; only its digest is stored."""

    PII: ClassVar[Pii] = Pii.none("secrets are stored as digests")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """Something a member of staff (or the system) changed or opened; never edited."""

    PII: ClassVar[Pii] = Pii(("name", "ip_address"), "security audit", "two years", "kept; refers to staff")

    at = models.DateTimeField(default=now, db_index=True)
    kind = models.CharField(max_length=60, db_index=True)
    """``sign_in``, ``sign_in_failed``, ``settings_changed``, ``token_created``, ``customer_viewed`` …"""
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=120, blank=True, default="")
    """What was touched, as ``inbox:3``."""
    detail = models.JSONField(default=dict)
    """Before and after, without secrets."""
    ip_address = models.CharField(max_length=45, blank=True, default="")
