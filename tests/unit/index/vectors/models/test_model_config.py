"""A model works as it was trained: as its files say, else as its family does."""

import json

import pytest

from index import EncoderUnavailableError
from index.vectors.models.model_config import ModelConfig
from tests.support.checkout import SHARED

SEARCHING = "Represent this sentence for searching relevant passages: "
MODULES = ["models.Transformer", "models.Pooling", "models.Normalize"]


def write(folder, files):
    """Write JSON files by their paths, and return the folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def modules(*types):
    """Return the content of `modules.json`."""
    return [{"path": str(n), "type": f"sentence_transformers.{one}"} for n, one in enumerate(types)]


def test_files_of_a_model_say_how_it_was_trained(tmp_path):
    """They count more than the family that its name tells."""
    files = {
        "1_Pooling/config.json": {
            "pooling_mode_cls_token": True,
            "pooling_mode_mean_tokens": False,
        },
        "config_sentence_transformers.json": {"prompts": {"query": "ask: ", "document": "say: "}},
        "sentence_bert_config.json": {"max_seq_length": 256},
        "tokenizer_config.json": {"model_max_length": 512},
        "modules.json": modules(*MODULES),
    }
    config = ModelConfig.read(write(tmp_path, files), "intfloat/e5-small-v2")
    assert config == ModelConfig(
        "cls", "ask: ", "say: ", 256, token_vectors_fit=True, english_only=True
    )


def test_empty_folder_of_an_unknown_model_has_defaults(tmp_path):
    """The mean, no prompts, the length of BERT, and no late interaction."""
    expected = ModelConfig("mean", "", "", 512, token_vectors_fit=False)
    assert ModelConfig.read(tmp_path, "owner/unheard-of") == expected


@pytest.mark.parametrize(
    ("name", "pooling", "query", "passage", "fits"),
    [
        ("intfloat/e5-small-v2", "mean", "query: ", "passage: ", True),
        ("Xenova/e5-base-v2", "mean", "query: ", "passage: ", False),
        ("intfloat/multilingual-e5-small", "mean", "query: ", "passage: ", False),
        (
            "intfloat/multilingual-e5-large-instruct",
            "mean",
            "Instruct: Given a web search query, retrieve relevant passages that answer the query"
            "\nQuery: ",
            "",
            False,
        ),
        ("Qdrant/bge-small-en-v1.5-onnx-Q", "cls", SEARCHING, "", False),
        ("BAAI/bge-m3", "cls", "", "", False),
        ("BAAI/bge-small-zh-v1.5", "cls", "", "", False),
        ("snowflake/snowflake-arctic-embed-xs", "cls", SEARCHING, "", False),
        ("Snowflake/snowflake-arctic-embed-m-v1.5", "cls", SEARCHING, "", False),
        ("Snowflake/snowflake-arctic-embed-m-v2.0", "cls", "query: ", "", False),
        ("thenlper/gte-small", "mean", "", "", False),
        ("Alibaba-NLP/gte-base-en-v1.5", "cls", "", "", False),
        ("Alibaba-NLP/gte-modernbert-base", "cls", "", "", False),
        ("mixedbread-ai/mxbai-embed-large-v1", "cls", SEARCHING, "", False),
        ("MongoDB/mdbr-leaf-ir", "output", SEARCHING, "", False),
        ("sentence-transformers/all-MiniLM-L6-v2", "mean", "", "", True),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "mean", "", "", False),
    ],
)
def test_family_is_told_by_the_name(tmp_path, name, pooling, query, passage, fits):
    """By the name on the hub, by that of the folder, and by what the model was made from."""
    is_english = not any(one in name for one in ("multilingual", "bge-m3", "-zh", "-v2.0"))
    expected = ModelConfig(pooling, query, passage, 512, fits, is_english)
    assert ModelConfig.read(tmp_path, name) == expected
    named = tmp_path / name.rpartition("/")[2]
    assert ModelConfig.read(write(named, {"config.json": {}})) == expected
    other = write(tmp_path / "model", {"config.json": {"_name_or_path": name}})
    assert ModelConfig.read(other) == expected


def test_name_counts_more_than_what_the_model_was_made_from(tmp_path):
    """Arctic began as MiniLM, and has other prompts and another pooling."""
    write(tmp_path, {"config.json": {"_name_or_path": "nreimers/MiniLM-L6-H384-uncased"}})
    config = ModelConfig.read(tmp_path, "Snowflake/snowflake-arctic-embed-xs")
    assert (config.pooling, config.token_vectors_fit) == ("cls", False)


def test_owner_of_a_model_tells_nothing(tmp_path):
    """An account may be named after a family."""
    assert ModelConfig.read(tmp_path, "e5-small-v2/unheard-of").query_prompt == ""


def test_folder_of_the_hubs_cache_tells_the_name(tmp_path):
    """The last folder there is named after the commit."""
    folder = tmp_path / "models--qdrant--bge-small-en-v1.5-onnx-q" / "snapshots" / "c0ffee"
    folder.mkdir(parents=True)
    assert ModelConfig.read(folder).query_prompt == SEARCHING


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False}, "mean"),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, "mean"),
        ({"pooling_mode": "cls", "pooling_mode_mean_tokens": True}, "cls"),
        ({"pooling_mode": ["mean"], "embedding_dimension": 384}, "mean"),
        ({"word_embedding_dimension": 384}, "mean"),
    ],
)
def test_pooling_is_read_in_the_old_and_the_new_form(tmp_path, config, pooling):
    """sentence-transformers 5 names the mode; before it was one switch for each."""
    write(tmp_path, {"1_Pooling/config.json": config})
    assert ModelConfig.read(tmp_path, "BAAI/bge-small-en").pooling == pooling


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"pooling_mode_lasttoken": True}, "lasttoken"),
        ({"pooling_mode_max_tokens": True}, "max"),
        ({"pooling_mode": "weightedmean"}, "weightedmean"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}, "cls, mean"),
        ({"pooling_mode": "mean", "include_prompt": False}, "it leaves out the prompt"),
    ],
)
def test_unsupported_pooling_is_refused(tmp_path, config, named):
    """One line names it, rather than that vectors are wrong."""
    write(tmp_path, {"1_Pooling/config.json": config})
    with pytest.raises(
        EncoderUnavailableError, match=f"owner/m: .*pooling is unsupported: {named}"
    ):
        ModelConfig.read(tmp_path, "owner/m")


def test_layers_behind_the_pooling_are_in_the_graphs_own_output(tmp_path):
    """A mean of the tokens' vectors would lack them."""
    files = {
        "1_Pooling/config.json": {"pooling_mode_mean_tokens": True},
        "modules.json": modules("models.Transformer", "models.Pooling", "models.Dense"),
    }
    assert ModelConfig.read(write(tmp_path, files), "owner/m").pooling == "output"


def test_other_kinds_of_modules_are_refused(tmp_path):
    """An asymmetric model has two encoders."""
    write(tmp_path, {"modules.json": modules("base.modules.router.Router")})
    with pytest.raises(EncoderUnavailableError, match="unsupported module: Router"):
        ModelConfig.read(tmp_path, "owner/m")


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [
        ({"query": "q: ", "passage": "p: "}, ("q: ", "p: ")),
        ({"query": "q: "}, ("q: ", "")),
        ({"document": "d: ", "passage": "p: "}, ("", "d: ")),
        ({"query": "", "document": ""}, ("query: ", "passage: ")),
        ({}, ("query: ", "passage: ")),
        (None, ("query: ", "passage: ")),
        ({"query": 7, "document": "d: "}, ("", "d: ")),
    ],
)
def test_prompts_come_from_the_file_unless_all_are_blank(tmp_path, prompts, expected):
    """Blank ones are written for any model, so the family's count."""
    write(tmp_path, {"config_sentence_transformers.json": {"prompts": prompts}})
    config = ModelConfig.read(tmp_path, "intfloat/e5-base-v2")
    assert (config.query_prompt, config.passage_prompt) == expected


def test_default_prompt_stands_before_what_has_none(tmp_path):
    """As in sentence-transformers."""
    settings = {"prompts": {"query": "q: ", "any": "x: "}, "default_prompt_name": "any"}
    write(tmp_path, {"config_sentence_transformers.json": settings})
    config = ModelConfig.read(tmp_path, "owner/m")
    assert (config.query_prompt, config.passage_prompt) == ("q: ", "x: ")


@pytest.mark.parametrize(
    ("sentence", "tokenizer", "config", "expected"),
    [
        (128, 512, {"max_position_embeddings": 512}, 128),
        (None, 384, {"max_position_embeddings": 512}, 384),
        (None, 1e30, {"max_position_embeddings": 512}, 512),
        (None, int(1e30), {}, 512),
        (None, 1e30, {"max_position_embeddings": 8192}, 8192),
        (8192, 8192, {"max_position_embeddings": 512}, 512),
        (
            None,
            None,
            {"max_position_embeddings": 514, "model_type": "xlm-roberta", "pad_token_id": 1},
            512,
        ),
        ("many", "512", {"max_position_embeddings": None}, 512),
        (0, -1, {"max_position_embeddings": 256}, 256),
    ],
)
def test_length_is_what_the_model_was_trained_for_and_can_read(
    tmp_path, sentence, tokenizer, config, expected
):
    """The first file that tells counts, up to the positions that the model has."""
    files = {
        "sentence_bert_config.json": {"max_seq_length": sentence},
        "tokenizer_config.json": {"model_max_length": tokenizer},
        "config.json": config,
    }
    assert ModelConfig.read(write(tmp_path, files), "owner/m").max_tokens == expected


@pytest.mark.parametrize(
    "path",
    [
        "config.json",
        "1_Pooling/config.json",
        "config_sentence_transformers.json",
        "sentence_bert_config.json",
        "tokenizer_config.json",
        "modules.json",
    ],
)
@pytest.mark.parametrize("content", ['{"a": ', "7", "[7]", "[" * 100_000, "\ufffd\x00"])
def test_broken_file_is_named_in_one_line(tmp_path, path, content):
    """A download that was cut off, or a page in the place of a file."""
    write(tmp_path, {path: content})
    with pytest.raises(EncoderUnavailableError, match=f"owner/m: .*its {path}") as caught:
        ModelConfig.read(tmp_path, "owner/m")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("folder", "query", "fits"),
    [
        ("e5-small-v2-int8", "query: ", True),
        ("multilingual-e5-small", "query: ", False),
        ("all-MiniLM-L6-v2-int8", "", True),
    ],
)
def test_real_models_are_read(folder, query, fits):
    """The ones that the figures were measured with."""
    path = SHARED / "models" / folder
    if not path.is_dir():
        pytest.skip(f"{folder} is not beside this checkout")
    config = ModelConfig.read(path)
    assert (config.pooling, config.query_prompt) == ("mean", query)
    assert (config.max_tokens, config.token_vectors_fit) == (512, fits)
