"""Organisations, teams and staff accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Organisation(models.Model):
    """The council, or a partner."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)


class Team(models.Model):
    """Those who have a case together."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")


class UserManager(BaseUserManager["User"]):
    """Makes accounts; e-mail addresses are kept in lower case, so that one person has one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account; without a password, one that signs in through the directory alone."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of an e-mail address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A member of staff. `discretion_pence` bounds what this person may add of their own judgement on one case."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=20), default=list)
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    discretion_pence = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def get_full_name(self) -> str:
        """The name."""
        return self.name
