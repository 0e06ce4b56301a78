"""Trains one pipeline and says what it heard; runs in Rasa's environment.

`python -m bench.rasa_pipelines PIPELINE OUT FILE...` writes JSON to OUT: for each test file,
and for cross-validation over `data/nlu`, what was meant and heard in every message.
Rasa's components are called one after the other, without its graph: only learning is timed.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers import fallback_classifier  # noqa: F401 - registers the component
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils import train_utils
from sklearn.model_selection import StratifiedKFold
from tensorflow.keras.callbacks import Callback

from bench.rasa_candidates import PIPELINES
from bot.rasa_parse import understood

FOLDS = 5
SEED = 20


class Chain:
    """The components of one pipeline, trained in their order."""

    def __init__(self, components, folder):
        context = ExecutionContext(GraphSchema({}), "bench")
        storage = LocalModelStorage(folder)
        self._components = [
            _create(options, storage, Resource(f"{number}"), context)
            for number, options in enumerate(components)
        ]

    def train(self, examples):
        """Learn from `examples`; return the seconds it took."""
        data = TrainingData([Message(dict(example.data)) for example in examples])
        started = time.perf_counter()
        for component in self._components:
            if hasattr(component, "train"):
                component.train(data)
            if hasattr(component, "process_training_data"):
                data = component.process_training_data(data)
        return time.perf_counter() - started

    def hear(self, examples):
        """What is heard in each of `examples`, one at a time, as in a conversation."""
        return [self._hear(example) for example in examples]

    def _hear(self, example):
        message = Message({TEXT: example.get(TEXT)})
        started = time.perf_counter()
        for component in self._components:
            [message] = component.process([message])
        milliseconds = (time.perf_counter() - started) * 1000
        return understood(example.get(TEXT), example.get(INTENT), message.data, milliseconds)


def _create(options, storage, resource, context):
    options = dict(options)
    component = options.pop("name")
    if isinstance(component, str):
        component = DefaultV1Recipe._from_registry(component).clazz
    config = {**component.get_default_config(), **options}
    return component.create(config, storage, resource, context)


class _Clock(Callback):
    """Ends the learning of DIETClassifier with the epoch in which the time is up."""

    def __init__(self, minutes):
        super().__init__()
        self._end = time.monotonic() + minutes * 60
        self.epochs = 0

    def on_epoch_end(self, epoch, logs=None):
        """Count the epoch, and stop after it when it is late."""
        self.epochs = epoch + 1
        self.model.stop_training = time.monotonic() > self._end


def _with_clock(minutes):
    """Put a clock among the callbacks of DIETClassifier, which has no option for it."""
    clock, common = _Clock(minutes), train_utils.create_common_callbacks
    train_utils.create_common_callbacks = lambda *args, **options: [
        *common(*args, **options),
        clock,
    ]
    return clock


def _thresholds():
    """The last component of `config.yml`: every pipeline asks again below the same confidences."""
    config = TrainingDataImporter.load_from_config("config.yml").get_config()
    return config["pipeline"][-1]


def _examples(most_words):
    """Those of `data/nlu`; the longest make DIETClassifier three times as slow: it pads."""
    examples = load_data("data/nlu").intent_examples
    return [each for each in examples if len(each.get(TEXT).split()) <= (most_words or sys.maxsize)]


def _measured(components, train, tests):
    with TemporaryDirectory() as folder:
        chain = Chain(components, Path(folder))
        seconds = chain.train(train)
        return seconds, [chain.hear(test) for test in tests]


def _cross_validated(components, examples):
    intents = [example.get(INTENT) for example in examples]
    heard = []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(examples, intents)
    for number, (learnt, asked) in enumerate(folds, 1):
        print(f"  fold {number} of {FOLDS}", file=sys.stderr, flush=True)
        parts = [[examples[i] for i in part] for part in (learnt, asked)]
        heard += _measured(components, parts[0], [parts[1]])[1][0]
    return heard


def main():
    """Measure one pipeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", choices=PIPELINES)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--minutes", type=float, help="at most, of DIETClassifier")
    parser.add_argument("--words", type=int, help="only examples of at most so many")
    parser.add_argument("--no-folds", action="store_true", help="no cross-validation")
    options = parser.parse_args()
    components = [*PIPELINES[options.pipeline], _thresholds()]
    clock = _with_clock(options.minutes) if options.minutes else None
    examples = _examples(options.words)
    seconds, heard = _measured(
        components, examples, [load_data(file).intent_examples for file in options.files]
    )
    folds = [] if options.no_folds else _cross_validated(components, examples)
    result = {
        "examples": len(examples),
        "train_seconds": seconds,
        "epochs": clock.epochs if clock else None,
        "unseen": dict(zip(options.files, heard, strict=True)),
        "folds": folds,
    }
    options.out.write_text(json.dumps(result))


if __name__ == "__main__":
    main()
