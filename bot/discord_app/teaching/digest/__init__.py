"""The weekly digest: unanswered and disliked questions, in a channel that the admins chose."""
