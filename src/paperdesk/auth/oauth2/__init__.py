"""OAuth 2.0 with `private_key_jwt`: assertions, scopes, tokens and signed bodies."""
