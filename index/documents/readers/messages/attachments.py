"""What the report says of files that are attached to messages."""


def attachments_left_out(n_attachments: int) -> str | None:
    """Return the remark that so many attachments are left out; None if there are none."""
    if not n_attachments:
        return None
    return (
        f"attachments left out: {n_attachments:,}; save those that are to be read as files of "
        "their own"
    )
