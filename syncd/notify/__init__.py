"""Messages: what people and programs are told without asking. Digests, alerts, signed webhooks, one outbox."""
