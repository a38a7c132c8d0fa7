"""What a property's own programs are told, by signed messages to addresses that an owner entered."""
