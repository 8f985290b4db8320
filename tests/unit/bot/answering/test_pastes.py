"""A question beside the output of programs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.conversation import PASTE_WEIGHT, asked_in, read_in_context
from bot.answering.pastes import read_message, split_paste

QUESTION = "why does the lamp not turn?"
PYTHON = """\
Traceback (most recent call last):
  File "/srv/lamp.py", line 3, in turn
    motor.start()
lamp.errors.MotorError: the motor is cold"""
JAVA = """\
Exception in thread "main" java.lang.IllegalStateException: the motor is cold
    at net.lamp.Motor.start(Motor.java:14)
    at net.lamp.Main.main(Main.java:3)
Caused by: java.io.IOException: no oil
    ... 3 more"""
NODE = """\
TypeError: the motor is cold
    at Motor.start (/srv/lamp/motor.js:10:7)
    at node:internal/main:23:47"""
LOG = """\
2026-11-29 10:00:01 INFO the lamp is lit
2026-11-29T10:00:02Z ERROR the motor is cold
[10:00:03] retrying
WARN: no oil
Nov 29 10:00:04 pier lampd[12]: stopped"""
DOTNET = """\
System.InvalidOperationException: the motor is cold
   at Lamp.Motor.Start() in C:\\lamp\\Motor.cs:line 14"""
SHELL = """\
$ lampd --turn
panic: the motor is cold
goroutine 1 [running]:
[   12.345678] lampd stopped"""
JSON = """\
{
  "lamp": "cold",
  "oil": [
    1
  ]
}"""
COMPILER = """\
lamp.c:12:5: error: the motor is cold
error[E0425]: cannot find value `oil`"""

MARKED = """\
Traceback (most recent call last):
  File "/srv/lamp.py", line 3, in turn
    motor.start()
    ~~~~~~~~~~~^^
lamp.motor.Cold: no oil"""
NODE_START = """\
node:internal/modules/loader:1080
  throw err;
  ^
Require stack:
- /srv/lamp/motor.js
Node.js v18.12.1"""
GO = """\
panic: the motor is cold
goroutine 1 [running]:
main.main()
\t/srv/lamp.go:8 +0x1d
exit status 2"""
RUST = """\
error[E0308]: the motor is cold
 --> src/lamp.rs:4:5
  |
4 |     "oil"
  |     ^^^^^ no oil"""
RUBY = """\
lamp.rb:3:in `turn': the motor is cold (NoMethodError)
\tfrom lamp.rb:6:in `<main>'"""
PHP = """\
PHP Fatal error:  Uncaught Error: the motor is cold in /srv/lamp.php:3
Stack trace:
#0 /srv/lamp.php(6): turn()
#1 {main}
  thrown in /srv/lamp.php on line 3"""
CSHARP = """\
Unhandled exception. System.InvalidOperationException: the motor is cold
   at Lamp.Motor.Start() in C:\\lamp\\Motor.cs:line 14"""
POWERSHELL = """\
At line:1 char:1
+ lampd --turn
+ ~~~~~
    + CategoryInfo          : ObjectNotFound: (lampd:String) [], CommandNotFoundException
    + FullyQualifiedErrorId : CommandNotFoundException"""
ACCESS = """\
127.0.0.1 - - [29/Nov/2026:10:00:01 +0000] "GET /lamp HTTP/1.1" 502 15
127.0.0.1 - keeper [29/Nov/2026:10:00:02 +0000] "GET /oil HTTP/1.1" 502 15"""
FIELDS = """\
time="2026-11-29T10:00:01Z" level=error msg="the motor is cold"
level=info msg="retry\""""
CONTAINERS = """\
lamp-1  | 2026-11-29 10:00:01 ERROR the motor is cold
oil-1   | level=info msg=empty"""


@pytest.mark.parametrize(
    "output",
    [
        *(PYTHON, JAVA, NODE, DOTNET, LOG, SHELL, JSON, COMPILER, MARKED, NODE_START, GO, RUST),
        *(RUBY, PHP, CSHARP, POWERSHELL, ACCESS, FIELDS, CONTAINERS),
    ],
)
@pytest.mark.parametrize(
    "form", ["{q}\n{o}", "{o}\n{q}", "{q}\n```\n{o}\n```", "```py\n{o}\n```\n{q}"]
)
def test_output_is_separated_from_the_question(output, form):
    """Before or behind it, fenced or not, the question is what the person wrote."""
    message = split_paste(form.format(q=QUESTION, o=output))
    assert message.asked == QUESTION
    assert message.pasted.count("\n") == output.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "what does ```turn``` do?",
        "is there an error in the lamp?\nat the pier, I mean",
        "how do I fix ValueError: the motor is cold",
        "note: the pier is closed. why?",
        "at the pier (north)\nwhen is it open?",
        "10:30 is too late, is it?",
        "from the pier I see no lamp\nwhy?",
        "#1 the lamp turns\n#2 it stops. why?",
        "| lamp | oil |\n| red | 3 |\nwhich one is cold?",
        "+ the lamp\n+ the motor\nwhich one is cold?",
    ],
)
def test_message_without_output_is_all_question(text):
    """Words of programs within a sentence are what the person wrote."""
    assert split_paste(text).asked == text
    assert split_paste(text).pasted == ""


def test_words_between_two_outputs_are_the_persons_own():
    """A sentence has words that programs leave out."""
    assert split_paste(f"{PYTHON}\nand then I get\n{JAVA}").asked == "and then I get"
    assert split_paste(f"{PYTHON}\nlamp cold?\n{JAVA}").asked == "lamp cold?"


def test_lines_that_say_what_went_wrong_come_first():
    """The frames of a trace come behind the error, so that they use up no room."""
    assert split_paste(PYTHON).pasted.startswith("lamp.errors.MotorError: the motor is cold\n")


def test_output_alone_asks_about_its_error():
    """Without words of the person's own the error is the question."""
    message = read_message(f"```\n{PYTHON}\n```")
    assert message.asked == "lamp.errors.MotorError: the motor is cold"
    assert "motor.start()" in message.pasted


def test_output_counts_less_than_the_question():
    """The query is the question, then the output with a lower weight."""
    question, pasted = read_in_context(f"{PYTHON}\n{QUESTION}", [])
    assert (question.text, question.weight) == (QUESTION, 1.0)
    assert (pasted.weight, "MotorError" in pasted.text) == (PASTE_WEIGHT, True)


def test_question_is_told_without_output_and_announcement():
    """What was asked is what a person would repeat."""
    assert asked_in(f"New question: {QUESTION}\n{LOG}") == QUESTION


@given(st.text(max_size=300))
def test_any_text_is_separated(text):
    """No message raises, and a message with words asks something."""
    message = read_message(text)
    assert message.asked or not text.strip() or not message.pasted
