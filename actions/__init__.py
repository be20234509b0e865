"""What the assistant does, in its own process: answers, menus, the meaning of yes and no. Never imports rasa."""
