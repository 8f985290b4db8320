"""`python -m tests.project.languages`: bring the `.po` files up to date with what the code says."""

from tests.project.languages.messages import update_catalogues

for language, messages in update_catalogues().items():
    print(f"{language}: {len(messages)} to translate", *messages, sep="\n  ")  # noqa: T201
