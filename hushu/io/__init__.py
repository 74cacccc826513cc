"""Where data comes from and goes to: databases, files, frames; the ledger; atomic writing."""
