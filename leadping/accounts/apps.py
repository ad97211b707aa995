from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "leadping.accounts"
    label = "accounts"
