"""Pure rules of this room: no database, no clock."""
