"""Who is calling: sessions and credentials, checked without waiting."""
