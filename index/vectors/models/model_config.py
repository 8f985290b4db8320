"""How an encoder was trained: its pooling, prompts and length, read from its folder.

The files are those of sentence-transformers. A folder with an ONNX file often lacks some of them.
What they do not say depends on the model's family, which is recognised by the model's name.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.errors import EncoderUnavailableError

Pooling = Literal["mean", "cls", "output"]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """How texts become vectors with one model.

    Attributes:
        pooling: Which vector stands for a text: the "mean" of its tokens' vectors, [CLS] and [SEP]
            included; that of the first token ("cls"); or the graph's own "output" named
            `sentence_embedding`, because more layers follow the pooling.
        query_prompt: What stands before each question, with its space; "" for nothing.
        passage_prompt: What stands before each passage, with its space; "" for nothing.
        max_tokens: The tokens that the model can read, the prompt, [CLS] and [SEP] included.
        token_vectors_fit: Whether the vectors of tokens are known to serve late interaction.
        english_only: Whether the model is known to read English only.
    """

    pooling: Pooling
    query_prompt: str
    passage_prompt: str
    max_tokens: int
    token_vectors_fit: bool
    english_only: bool = False

    @classmethod
    def read(cls, folder: Path, name: str = "") -> "ModelConfig":
        """Read the configuration of the model in a folder.

        Args:
            folder: The folder of the model; each of its files may be missing.
            name: The model's name on the hub, if known; it tells the family.

        Raises:
            EncoderUnavailableError: A file is broken, or the model works in an unsupported way.
        """
        files = _ConfigFiles(folder, name or str(folder))
        config = files.read("config.json")
        family = _family([*_names(folder, name), str(config.get("_name_or_path", ""))])
        query_prompt, passage_prompt = _prompts(files) or (
            family.query_prompt,
            family.passage_prompt,
        )
        return cls(
            pooling=_pooling(files, family),
            query_prompt=query_prompt,
            passage_prompt=passage_prompt,
            max_tokens=_max_tokens(files, config),
            token_vectors_fit=family.token_vectors_fit,
            english_only=family.english_only,
        )


@dataclass(frozen=True, slots=True)
class _Family:
    """What models whose names match a pattern have in common."""

    name: re.Pattern[str]
    pooling: Pooling
    query_prompt: str = ""
    passage_prompt: str = ""
    token_vectors_fit: bool = False
    english_only: bool = False


_SEARCHING = "Represent this sentence for searching relevant passages: "
_INSTRUCTION = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
)

# The first match counts; names are compared in lower case. Sources:
# - the model cards: intfloat/e5-small-v2, intfloat/multilingual-e5-small and -large-instruct,
#   Alibaba-NLP/gte-modernbert-base, mixedbread-ai/mxbai-embed-large-v1 (pooling of its ONNX file),
#   Snowflake/snowflake-arctic-embed-l-v2.0;
# - 1_Pooling/config.json of BAAI/bge-small-en-v1.5, bge-small-zh-v1.5 and
#   Snowflake/snowflake-arctic-embed-m-long;
# - the query prompts of bge, arctic, mxbai and mdbr-leaf: embeddings-benchmark/mteb,
#   mteb/models/model_implementations/ (bge_models.py, arctic_models.py, mxbai_models.py,
#   mdbr_models.py), where gte_models.py has no prompts;
# - the mean of thenlper/gte-base and gte-large: fastembed 0.9, pooled_normalized_embedding.py;
# - late interaction: measured for e5-small-v2, all-MiniLM-L6-v2 and multilingual-e5-small only.
_FAMILIES = (
    _Family(re.compile("multilingual-e5-.*instruct"), "mean", _INSTRUCTION),
    _Family(re.compile("multilingual-e5-"), "mean", "query: ", "passage: "),
    _Family(
        re.compile("e5-small-v2"),
        "mean",
        "query: ",
        "passage: ",
        token_vectors_fit=True,
        english_only=True,
    ),
    _Family(re.compile("e5-(small|base|large)"), "mean", "query: ", "passage: ", english_only=True),
    _Family(re.compile("bge-(small|base|large)-en"), "cls", _SEARCHING, english_only=True),
    _Family(re.compile("bge-(m3|small|base|large)"), "cls"),
    _Family(re.compile("arctic-embed-.*v2"), "cls", "query: "),
    _Family(re.compile("arctic-embed"), "cls", _SEARCHING, english_only=True),
    _Family(re.compile("gte-multilingual"), "cls"),
    _Family(re.compile("gte-(base-en|large-en|modernbert)"), "cls", english_only=True),
    _Family(re.compile("gte-(small|base|large)$"), "mean", english_only=True),
    _Family(re.compile("mxbai-embed-large"), "cls", _SEARCHING, english_only=True),
    _Family(
        re.compile("mdbr-leaf"), "output", _SEARCHING, english_only=True
    ),  # a Dense layer follows its mean
    _Family(re.compile("multilingual-minilm"), "mean"),
    _Family(re.compile("minilm"), "mean", token_vectors_fit=True, english_only=True),
)

# Most sentence-transformers models take the mean, and it is the default of their `Pooling`.
_UNKNOWN_FAMILY = _Family(re.compile(""), "mean")

# sentence-transformers 5: `pooling_mode` of a file, and the older names of the same.
_OLD_POOLING_MODES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}

# The sum over the root of the length has the direction of the mean, and vectors have length 1.
_SUPPORTED_POOLING: dict[str, Pooling] = {
    "mean": "mean",
    "mean_sqrt_len_tokens": "mean",
    "cls": "cls",
}

# `Normalize` changes no direction, `Dropout` only training. After the other two the vector is no
# longer that of the pooling; the graph's own output has it.
_NEUTRAL_MODULES = {"Transformer", "Pooling", "Normalize", "Dropout"}
_LAYERS_IN_OUTPUT = {"Dense", "LayerNorm"}

# Their position ids start behind that of the padding token.
_SHIFTED_POSITIONS = {"roberta", "xlm-roberta", "camembert", "mpnet"}

# Tokenizers without a limit write 1e30.
_MOST_TOKENS = 10**6
_BERT_TOKENS = 512


@dataclass(frozen=True, slots=True)
class _ConfigFiles:
    """The JSON files of a model's folder."""

    folder: Path
    model: str

    def read(self, path: str) -> dict[str, Any]:
        """Return the object in a file; an empty one for a file that is missing."""
        found = self.parse(path)
        if not isinstance(found, dict | None):
            raise EncoderUnavailableError(self.model, f"its {path} holds no JSON object")
        return found or {}

    def parse(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return what a file holds; None for a file that is missing."""
        try:
            return json.loads((self.folder / path).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise EncoderUnavailableError(self.model, f"its {path} cannot be read") from error


def _names(folder: Path, name: str) -> list[str]:
    """Return the names that may tell the family: the given one, the folder's, the hub cache's.

    The cache of the hub, which fastembed uses too, is `models--owner--name/snapshots/revision`.
    """
    folder = folder.absolute()
    cached = [one for one in folder.parts if one.startswith("models--")]
    return [name.rpartition("/")[2], folder.name, *(one.rpartition("--")[2] for one in cached)]


def _family(names: list[str]) -> _Family:
    for name in names:
        for family in _FAMILIES:
            if family.name.search(name.lower()):
                return family
    return _UNKNOWN_FAMILY


def _pooling(files: _ConfigFiles, family: _Family) -> Pooling:
    layers = _modules(files) - _NEUTRAL_MODULES
    if unsupported := sorted(layers - _LAYERS_IN_OUTPUT):
        raise EncoderUnavailableError(
            files.model, f"its modules.json has an unsupported module: {unsupported[0]}"
        )
    if layers or family.pooling == "output":
        return "output"
    config = files.read("1_Pooling/config.json")
    if not config:
        return family.pooling
    modes = _pooling_modes(config)
    if len(modes) != 1 or modes[0] not in _SUPPORTED_POOLING:
        named = ", ".join(modes)
        raise EncoderUnavailableError(files.model, f"its pooling is unsupported: {named}")
    if config.get("include_prompt") is False:
        raise EncoderUnavailableError(
            files.model, "its pooling is unsupported: it leaves out the prompt"
        )
    return _SUPPORTED_POOLING[modes[0]]


def _modules(files: _ConfigFiles) -> set[str]:
    """Return the types of the model's modules, such as `Pooling`, without their packages."""
    modules = files.parse("modules.json")
    if modules is None:
        return set()
    try:
        return {str(one["type"]).rpartition(".")[2] for one in modules}
    except (TypeError, KeyError) as error:
        raise EncoderUnavailableError(files.model, "its modules.json cannot be read") from error


def _pooling_modes(config: dict[str, Any]) -> list[str]:
    """Return the modes whose vectors a model puts together; the default is the mean."""
    if "pooling_mode" in config:
        named = config["pooling_mode"]
        return [str(one) for one in named] if isinstance(named, list) else [str(named)]
    chosen = [mode for flag, mode in _OLD_POOLING_MODES.items() if config.get(flag)]
    return chosen or ["mean"]


def _prompts(files: _ConfigFiles) -> tuple[str, str] | None:
    """Return the prompts of questions and passages; None if no file has one.

    Newer releases of sentence-transformers write blank prompts for any model: they say nothing.
    """
    config = files.read("config_sentence_transformers.json")
    found = config.get("prompts")
    prompts = found if isinstance(found, dict) else {}
    default = prompts.get(str(config.get("default_prompt_name")), "")

    def prompt(*keys: str) -> str:
        value = next((prompts[key] for key in keys if key in prompts), default)
        return value if isinstance(value, str) else ""

    # The keys that `encode_query` and `encode_document` of sentence-transformers 5 look for.
    query, passage = prompt("query"), prompt("document", "passage", "corpus")
    return (query, passage) if query or passage else None


def _max_tokens(files: _ConfigFiles, config: dict[str, Any]) -> int:
    claimed = (
        _count(files.read("sentence_bert_config.json").get("max_seq_length"))
        or _count(files.read("tokenizer_config.json").get("model_max_length"))
        or _MOST_TOKENS
    )
    positions = _count(config.get("max_position_embeddings"))
    if positions and config.get("model_type") in _SHIFTED_POSITIONS:
        positions -= (_count(config.get("pad_token_id")) or 0) + 1
    if not positions and claimed == _MOST_TOKENS:
        return _BERT_TOKENS
    # More than the model has positions for cannot be read, whatever the other files say.
    return min(claimed, positions or _MOST_TOKENS)


def _count(value: object) -> int | None:
    """Return a value as a number of tokens; None if it is not one, or stands for no limit."""
    if isinstance(value, int | float) and 1 <= value < _MOST_TOKENS:
        return int(value)
    return None
