"""Mail: what people want to be told and when, and the letters that wait to be sent."""
