"""Accounts: who may sign in, and with which roles. Never who said or voted what."""
