"""The process in which libFuzzer tries inputs: `fuzz_child TARGET CPU_SECONDS [OPTION ...]`."""

import resource
import sys

import atheris

# Packages whose branches guide the search.
_GUIDING = ["bot", "index", "markdown_it", "yaml", "dotenv", "docx"]

# Bounds of the system around libFuzzer's own: an address space is larger than what is used of it.
_ADDRESS_SPACE_BYTES = 8 << 30

with atheris.instrument_imports(include=_GUIDING):
    from tests.trials.fuzzing.inputs import input_targets
    from tests.trials.fuzzing.texts import text_targets


def main() -> None:
    """Hand the process over to libFuzzer."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE_BYTES, _ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
    targets = text_targets() | input_targets()
    target, _ = targets[sys.argv[1]]
    atheris.Setup([sys.argv[0], *sys.argv[3:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
