"""What lies in chats is deleted there in time, by whoever may, once, and nothing of it is seen."""
