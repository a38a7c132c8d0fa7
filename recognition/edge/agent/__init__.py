"""The reference door terminal: a process of its own that knows docs/device-protocol.md and nothing else."""

VERSION = "0.1.0"
FIRMWARE = f"consentry-agent {VERSION}"
