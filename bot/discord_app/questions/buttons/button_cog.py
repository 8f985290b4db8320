"""The cog of the buttons below answers."""

from bot.discord_app.context.feature_cog import FeatureCog
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.questions.buttons.answer_view import present
from bot.discord_app.questions.buttons.message_buttons import CopyButton, DeleteButton
from bot.discord_app.questions.buttons.more_button import MoreButton
from bot.discord_app.questions.buttons.others_button import OthersButton
from bot.discord_app.questions.buttons.quote_buttons import ContextButton, DownButton, UpButton
from bot.discord_app.questions.buttons.version_items import VersionButton, VersionMenu
from bot.discord_app.questions.pipeline import QuestionPipeline


class ButtonCog(FeatureCog):
    """Registers the buttons below answers, and holds what they use.

    Attributes:
        pipeline: The pipeline that made the answers.
        present: Makes the message that shows an answer.
    """

    items = (
        MoreButton,
        OthersButton,
        VersionButton,
        VersionMenu,
        ContextButton,
        CopyButton,
        UpButton,
        DownButton,
        DeleteButton,
    )
    present = staticmethod(present)

    def __init__(self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        super().__init__(bot, runtime)
        self.pipeline = pipeline
