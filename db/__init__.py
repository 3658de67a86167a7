"""Everything that needs a session: the encrypted file, its tables, reads, writes, audit and promises."""
