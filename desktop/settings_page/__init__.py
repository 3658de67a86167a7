"""Settings: who works here, the clinic itself, the audit, backups, the recovery key, the lock."""
