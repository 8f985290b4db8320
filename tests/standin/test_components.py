"""Tests of the stand-in's buttons, menus, forms, files, components v2 and private answers."""

import asyncio
import io
from typing import Any

import discord as discord_py
import pytest
from discord import ui

from tests.standin.rules.component_rules import modal_problems
from tests.standin.rules.message_rules import message_problems
from tests.support.small_bot import EchoBot, do, running

V2 = 1 << 15


class Card(ui.LayoutView):
    """A components v2 message with a text, buttons, a picture and four menus."""

    def __init__(self, text: str, *, picture: bool = False, menus: bool = False) -> None:
        super().__init__(timeout=None)
        box: ui.Container[Any] = ui.Container(
            ui.TextDisplay(f"> **{text}**"), accent_color=0x336699
        )
        if picture:
            item = discord_py.MediaGalleryItem("attachment://stats.png", description="a chart")
            box.add_item(ui.MediaGallery(item))
        self.add_item(box)
        row: ui.ActionRow[Any] = ui.ActionRow()
        row.add_item(ui.Button(label="More", emoji="⏩", custom_id="more:1"))
        row.add_item(ui.Button(emoji="🗑️", custom_id="bin:1"))
        row.add_item(ui.Button(label="Form", custom_id="form:1"))
        row.add_item(ui.Button(label="Off", custom_id="off:1", disabled=True))
        self.add_item(row)
        for select in self.menus() if menus else []:
            self.add_item(ui.ActionRow(select))

    @staticmethod
    def menus() -> list[Any]:
        options = [discord_py.SelectOption(label=name.title(), value=name) for name in "abc"]
        return [
            ui.Select(custom_id="texts", placeholder="Texts", options=options, max_values=2),
            ui.RoleSelect(custom_id="roles", placeholder="Roles", min_values=0),
            ui.ChannelSelect(
                custom_id="channels",
                placeholder="Channels",
                channel_types=[discord_py.ChannelType.text],
            ),
            ui.UserSelect(custom_id="users", placeholder="Users"),
        ]


class Form(ui.Modal):
    """A form with each kind of question."""

    def __init__(self) -> None:
        super().__init__(title="Teach", custom_id="teach")
        self.text: Any = ui.TextInput(custom_id="text", min_length=3, max_length=10)
        options = [discord_py.SelectOption(label="One", value="1")]
        self.place: Any = ui.Select(custom_id="place", options=options)
        self.role: Any = ui.RoleSelect(custom_id="role", required=False)
        self.file: Any = ui.FileUpload(custom_id="file", required=False)
        for label, item in (
            ("Words", self.text),
            ("Place", self.place),
            ("Role", self.role),
            ("File", self.file),
        ):
            self.add_item(ui.Label(text=label, component=item))

    async def on_submit(self, interaction: discord_py.Interaction) -> None:
        roles = [role.name for role in self.role.values]
        files = [(await file.read()).decode() for file in self.file.values]
        said = f"{self.text.value} {self.place.values} {roles} {files}"
        await interaction.response.send_message(said, ephemeral=True)


class CardBot(EchoBot):
    """A small bot that answers with cards."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.gate: asyncio.Event | None = None

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        self.last = interaction
        hidden = question.startswith("secret")
        view, files = Card(question, menus=True), []
        if question == "picture":
            view = Card(question, picture=True)
            files = [discord_py.File(io.BytesIO(b"PNG"), "stats.png", description="chart")]
        await interaction.response.send_message(view=view, files=files, ephemeral=hidden)

    async def on_interaction(self, interaction: discord_py.Interaction) -> None:
        if interaction.type is not discord_py.InteractionType.component:
            return
        data: Any = interaction.data
        resolved = data.get("resolved", {})
        self.names = [
            item.get("name", item.get("username"))
            for kind in resolved.values()
            for item in kind.values()
            if "name" in item or "username" in item
        ]
        if self.gate is not None:
            await self.gate.wait()
        if data["custom_id"] == "form:1":
            await interaction.response.send_modal(Form())
        elif data["custom_id"] == "bin:1":
            await interaction.response.defer()
            await interaction.delete_original_response()
        else:
            picked = ", ".join(data.get("values", ["more"]))
            await interaction.response.edit_message(view=Card(picked))


@pytest.fixture
def card(discord, place):
    """A card that alice asked for, and the bot that sent it."""
    channel, alice = place
    with running(client := CardBot(), discord):
        discord.wait_for_commands("ask")
        yield discord.slash(channel, alice, "ask", question="whales").wait_for_response(), client


def test_card_is_read_and_pressed_by_its_labels(discord, place, card):
    """Buttons are found by label, emoji or both, and what cannot be pressed raises."""
    message, _ = card
    _, alice = place
    assert (message.seen, message.flags & V2) == ("whales", V2)
    for label in ("More", "⏩", "⏩ More"):
        assert discord.button(message, label) == "more:1"
    assert discord.button(message, "🗑") == discord.button(message, "🗑️") == "bin:1"
    with pytest.raises(LookupError, match="0 buttons 'Less'"):
        discord.button(message, "Less")
    with pytest.raises(LookupError, match="disabled"):
        discord.press(message, discord.button(message, "Off"), alice)
    discord.press(message, discord.button(message, "More"), alice).wait_for_response()
    assert message.seen == "more"
    discord.press(message, discord.button(message, "🗑"), alice)
    discord.wait_until(lambda: message.deleted, 5, "the deletion")
    with pytest.raises(LookupError, match="does not see"):
        discord.press(message, "more:1", alice)


def test_menus_carry_what_is_picked(discord, place, card):
    """Texts go by value or label; roles, channels and people are resolved."""
    message, client = card
    channel, alice = place
    role = discord.add_role(channel.guild, "keeper")
    forum = discord.add_channel(channel.guild, "help", "forum")
    for name, wrong in (
        ("Texts", ["z"]),
        ("Texts", []),
        ("Texts", ["a", "b", "c"]),
        ("Roles", [alice]),
        ("Channels", [forum]),
    ):
        with pytest.raises(LookupError):
            discord.press(message, discord.menu(message, name), alice, values=wrong)
    with pytest.raises(LookupError, match="4 select menus"):
        discord.menu(message)
    menus = {name: discord.menu(message, name) for name in ("Texts", "Roles", "Channels", "Users")}
    for name, values, names in (
        ("Users", [alice], ["alice"]),
        ("Channels", [channel], ["general"]),
        ("Roles", [role], ["keeper"]),
        ("Roles", [], []),
        ("Texts", ["b", "A"], []),
    ):
        fresh = discord.slash(channel, alice, "ask", question="again").wait_for_response()
        discord.press(fresh, menus[name], alice, values=values).wait_for_response()
        expected = ", ".join(str(getattr(value, "id", value)) for value in values)
        assert (fresh.seen or "", client.names) == (expected.lower() or "****", names)


def test_form_is_filled_in_by_its_labels(discord, place, card):
    """A form takes texts, choices, roles and files, and refuses what its fields refuse."""
    message, _ = card
    channel, alice = place
    role = discord.add_role(channel.guild, "keeper")
    file = discord.attachment("a.txt", b"held")
    opened = discord.press(message, discord.button(message, "Form"), alice)
    opened.wait_for_modal()
    for wrong in ({}, {"Words": "ab", "Place": "1"}, {"Words": "whale"}, {"Name": "x"}):
        with pytest.raises(LookupError):
            opened.submit(**wrong)
    sent = opened.submit(Words="whale", place=["One"], Role=[role], File=file)
    answer = sent.wait_for_response()
    assert (answer.content, answer.ephemeral) == ("whale ['1'] ['keeper'] ['held']", True)


def test_private_card_is_its_askers_alone(discord, place):
    """Only the asker sees, presses and dismisses an ephemeral answer."""
    channel, alice = place
    bella = discord.add_user("bella", channel.guild)
    with running(client := CardBot(), discord):
        discord.wait_for_commands("ask")
        answer = discord.slash(channel, alice, "ask", question="secret").wait_for_response()
        assert discord.messages(channel, viewer=bella) == []
        with pytest.raises(LookupError, match="bella does not see"):
            discord.press(answer, "more:1", bella)
        with pytest.raises(LookupError, match="bella does not see"):
            discord.context_menu(answer, bella, "Quote")
        known: Any = client.get_partial_messageable(channel.id)
        with pytest.raises(discord_py.NotFound, match="10008"):
            do(client, known.get_partial_message(answer.id).edit(content="x"))
        discord.press(answer, "more:1", alice).wait_for_response()
        assert (answer.seen, answer.ephemeral) == ("more", True)
        do(client, client.last.edit_original_response(view=Card("changed")))
        assert answer.seen == "changed"
        do(client, client.last.delete_original_response())
    assert answer.deleted
    discord.forgive("10008")


def test_picture_is_sent_and_taken_away(discord, place):
    """A file that a component shows keeps its bytes until an edit drops it."""
    with running(client := CardBot(), discord):
        discord.wait_for_commands("ask")
        answer = discord.slash(*place, "ask", question="picture").wait_for_response()
        assert answer.files == {"stats.png": b"PNG"}
        assert answer.attachments[0]["description"] == "chart"
        original = do(client, client.last.original_response())
        assert do(client, original.attachments[0].read()) == b"PNG"
        edit = client.last.edit_original_response
        with pytest.raises(discord_py.HTTPException, match="not attached"):
            do(client, edit(view=Card("x", picture=True), attachments=[]))
        do(client, edit(view=Card("x"), attachments=[]))
        assert (answer.files, answer.attachments) == ({}, [])
        file = discord_py.File(io.BytesIO(b"csv"), "a.csv")
        do(client, edit(attachments=[file]))
    assert discord.violations[-1] == "the file 'a.csv' is attached but no component shows it"
    discord.violations.clear()


def test_flag_of_v2_comes_to_stay(discord, place, card):
    """A text becomes a card only without its content, and a card never a text again."""
    message, client = card
    channel, _ = place
    edit = client.http.edit_message
    with pytest.raises(discord_py.HTTPException, match="together with components v2"):
        do(client, client.last.edit_original_response(content="x"))
    params: Any = discord_py.http.MultipartParameters({"flags": 0}, None, None)
    with pytest.raises(discord_py.HTTPException, match="cannot be removed"):
        do(client, edit(channel.id, message.id, params=params))
    known: Any = client.get_channel(channel.id)
    text = do(client, known.send("text"))
    with pytest.raises(discord_py.HTTPException, match="beside components v2"):
        do(client, text.edit(view=Card("card")))
    do(client, text.edit(content=None, view=Card("card")))
    changed = discord.messages(channel)[-1]
    assert (changed.seen, changed.edits) == ("card", ["text"])
    discord.violations.clear()


def test_answers_of_a_deleted_channel_are_gone(discord, place, card):
    """No answer can be changed once its channel was deleted."""
    _, client = card
    discord.remove_channel(place[0])
    with pytest.raises(discord_py.NotFound, match="10003"):
        do(client, client.last.edit_original_response(content="x"))
    discord.forgive("10003")


@pytest.mark.parametrize(
    ("remove", "code"),
    [
        (lambda discord, message: discord.delete(message), "10008"),
        (lambda discord, message: discord.remove_channel(message.channel), "10003"),
    ],
)
def test_press_is_overtaken_by_a_deletion(discord, place, card, remove, code):
    """A message or channel deleted between the press and the answer is unknown to Discord."""
    message, client = card
    client.gate = asyncio.Event()
    discord.press(message, "more:1", place[1])
    remove(discord, message)
    client.loop.call_soon_threadsafe(client.gate.set)
    discord.wait_until(lambda: discord.violations, 5, "a violation")
    assert code in discord.violations[0]
    discord.forgive(code)
    discord.forgive("never acknowledged")


def test_old_message_is_pressed_but_no_longer_changed_by_its_token(discord, place, card):
    """A token is invalid after 15 minutes, and each press brings a new one."""
    message, client = card
    first = client.last
    discord.advance(901)
    edit = first.edit_original_response
    for action in (
        lambda: edit(view=Card("x")),
        lambda: first.followup.send("x"),
        first.delete_original_response,
    ):
        with pytest.raises(discord_py.HTTPException, match="50027"):
            do(client, action())
    discord.press(message, "more:1", place[1]).wait_for_response()
    assert message.seen == "more"
    discord.forgive("50027")


TEXT = {"type": 10, "content": "text"}
BUTTON = {"type": 2, "style": 1, "custom_id": "a", "label": "A"}


def box(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a container."""
    return {"type": 17, "components": list(parts), **more}


def menu(**more: Any) -> dict[str, Any]:
    """Return a row with a menu of two options."""
    options = [{"label": name, "value": name} for name in "ab"]
    select = {"type": 3, "custom_id": "m", "options": options, **more}
    return {"type": 1, "components": [select]}


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"type": 10, "content": " "}, "text display is empty"),
        ({"type": 10, "content": "x" * 4001}, "4001 characters together"),
        (box(*[TEXT] * 40), "41 components"),
        (box(), "container is empty"),
        (box(box(TEXT)), "type 17 cannot be in a container"),
        (box(TEXT, accent_color=1 << 24), "is no colour"),
        (BUTTON, "type 2 cannot be on top"),
        ({"type": 9, "components": [TEXT]}, "type None cannot be beside a section"),
        ({"type": 9, "components": [TEXT] * 4, "accessory": BUTTON}, "has 4 texts"),
        ({"type": 12, "items": []}, "0 pictures"),
        (menu(max_values=3), "3 of 2 options"),
        (menu(min_values=2), "2 to 1 values"),
        (menu(placeholder="x" * 151), "placeholder has 151"),
        (menu(options=[{"label": "x" * 101, "value": "a"}]), "option label has 101"),
    ],
)
def test_card_limits(part, problem):
    """Each limit of components v2 is found by its own words."""
    found = message_problems({"flags": V2, "components": [part]})
    assert any(problem in text for text in found), found


def form(**more: Any) -> dict[str, Any]:
    """Return a form with one question, whose label or input differs."""
    field = {"type": 4, "custom_id": "t", "style": 1}
    field |= {key: value for key, value in more.items() if key in ("style", "value", "min_length")}
    label = {"type": 18, "label": more.get("label", "Text"), "component": field}
    return {"title": more.get("title", "Title"), "custom_id": "f", "components": [label]}


@pytest.mark.parametrize(
    ("modal", "problem"),
    [
        (form(title="x" * 46), "modal title has 46"),
        (form(label="x" * 46), "input label has 46"),
        (form(style=3), "neither short nor paragraph"),
        (form(value="x" * 4001), "input value has 4001"),
        (form(min_length=4001), "4001 to 4000"),
        ({"title": "T", "custom_id": "f", "components": []}, "0 parts"),
        ({"title": "T", "custom_id": "f", "components": [BUTTON]}, "on top of a modal"),
        (
            {"title": "T", "custom_id": "f", "components": form()["components"] * 2},
            "used twice",
        ),
    ],
)
def test_form_limits(modal, problem):
    """Each limit of forms is found by its own words, and a plain form has none."""
    assert any(problem in text for text in modal_problems(modal))
    assert list(modal_problems(form())) == []
