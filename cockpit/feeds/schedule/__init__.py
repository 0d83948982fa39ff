"""Political and broadcast schedules: calendars of several forms, told as they are announced, moved and called off."""
