"""What admins and members change by commands at one machine, asked of the one that follows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.database import Database, Pseudonyms
from tests.standin import Message
from tests.support.scenes import Scene, chosen
from tests.trials.machines.elsewhere import Elsewhere
from tests.trials.machines.probes import ASKED_LIKE_TAUGHT, TAUGHT
from tests.trials.machines.words import FERRY_QUESTION, Words, almanac

_TIMEOUT_S = 30.0
_BUSY = ("Fetching the file", "Looking at the texts", "Reading texts", "Sorting words")


@dataclass
class Changed:
    """A server that is changed by each kind of command.

    Attributes:
        scene: The server with its people.
        kept: The word of the text that it gets.
        removed: The word of a text that it gets and loses.
        problems: What was not as it should be.
    """

    scene: Scene
    kept: str
    removed: str
    problems: list[str] = field(default_factory=list)

    @classmethod
    def make(cls, scene: Scene, words: Words) -> "Changed":
        """Give words to a server."""
        return cls(scene, words.take(scene.guild.id), words.take(scene.guild.id))

    def change(self) -> None:
        """Upload, remove, teach, erase, and set up."""
        scene = self.scene
        self._expect("Added: almanac.txt" in self._add("almanac.txt", self.kept), "an upload")
        self._expect("Added: former.txt" in self._add("former.txt", self.removed), "an upload")
        gone = self._admin("pullquote remove", source="former.txt")
        self._expect("Removed: former.txt" in gone, "a removal")
        scene.ask(f"new topic: {TAUGHT}", scene.bob)
        listed = scene.use("pullquote unanswered", scene.admin)
        shown = scene.press(listed, "Teach", scene.admin).submit(words="singers")
        choices = shown.wait_for_response(_TIMEOUT_S)
        scene.discord.press(choices, choices.buttons[0]["custom_id"], scene.admin)
        self._wait(lambda: "Taught" in choices.seen, "a lesson")
        scene.ask(FERRY_QUESTION, scene.alice)
        asked = scene.use("privacy delete", scene.alice)
        scene.discord.press(asked, asked.buttons[0]["custom_id"], scene.alice)
        self._wait(lambda: not asked.buttons, "a deletion")
        self._expect(chosen(scene.set_up("language", "de"), "language") == ["de"], "a setting")

    def check(self, other: Elsewhere, pseudonyms: Pseudonyms, where: str) -> None:
        """Ask the machine that serves the server now, from when it answers from its own texts."""
        scene = self.scene
        self._wait(partial(self._answers_from, self.kept), f"{where}: own texts")
        answers = {
            question: scene.ask(f"new topic: {question}", scene.bob).seen.lower()
            for question in (FERRY_QUESTION, ASKED_LIKE_TAUGHT)
        }
        for question, answer in answers.items():
            self._expect(self.kept in answer, f"{where}: {question!r} got {answer!r}")
            self._expect(self.removed not in answer, f"{where}: a removed text answers")
        self._expect("absatz" in answers[FERRY_QUESTION], f"{where}: the language is another")
        self._expect(chosen(scene.panel(), "language") == ["de"], f"{where}: the panel differs")
        person = pseudonyms.hashed(scene.alice.id)
        stored = other.do(partial(_stored_questions, person))
        self._expect(stored == 0, f"{where}: {stored} questions of a forgotten person are stored")

    def _answers_from(self, word: str) -> bool:
        scene = self.scene
        inspector = scene.discord.add_user("inspector", scene.guild)
        return word in scene.ask(f"new topic: {FERRY_QUESTION}", inspector).seen.lower()

    def _add(self, name: str, word: str) -> str:
        file = self.scene.discord.attachment(name, almanac(word).encode())
        return self._admin("pullquote add", file=file)

    def _admin(self, command: str, **options: Any) -> str:
        """Use a command as the admin, and return what it says in the end."""
        scene = self.scene
        used = scene.discord.slash(scene.channel, scene.admin, command, **options)
        shown: Message = used.wait_for_response(_TIMEOUT_S)
        self._wait(lambda: not shown.seen.startswith(_BUSY), command)
        return shown.seen

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        self.scene.discord.wait_until(condition, _TIMEOUT_S, what)

    def _expect(self, fact: bool, what: str) -> None:
        if not fact:
            self.problems.append(what)


async def _stored_questions(person: str, database: Database) -> int:
    return len((await database.privacy.stored_about(person)).questions)
