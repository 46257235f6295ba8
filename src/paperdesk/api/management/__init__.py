"""The gateway API, `/gw/api/v1`: what a firm's own programs ask for, below its access token."""
