"""An intent classifier for WhatsApp Portuguese: tf-idf of words and letters, regression on it.

One component instead of a tokenizer, two featurizers and a classifier: better and faster
(docs/decisions/0002). It runs in Rasa's environment and keeps nothing but numbers.
"""

import json
import re

import numpy as np
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.plain_text import normalise

RANKED = 10
_DIGIT = re.compile(r"\d")
_EMOJI = "[\u2600-\u27bf\U0001f300-\U0001faff]"


def plain(text):
    """`text` in one spelling, any digit as 0 (which number it is, the parsers tell), then its
    emoji: a thumb may be all there is."""
    return " ".join([_DIGIT.sub("0", normalise(text)), *re.findall(_EMOJI, text)])


def _vectorizers():
    words = {"ngram_range": (1, 2), "token_pattern": rf"\w+|[?!$%]|{_EMOJI}"}
    letters = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}
    return [TfidfVectorizer(preprocessor=plain, sublinear_tf=True, **o) for o in (words, letters)]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True, model_from=None
)
class NgramClassifier(GraphComponent, IntentClassifier):
    """Gives every message its intent and the ten likeliest, with calibrated confidences."""

    @staticmethod
    def get_default_config():
        """`c`: how closely to follow the examples; `temperature`: below 1 is surer."""
        return {"c": 20.0, "temperature": 1.0, "random_state": 20, "max_iter": 60, "tol": 0.001}

    def __init__(self, config, storage, resource):
        self._config, self._storage, self._resource = config, storage, resource
        self._vectorizers = []

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, and keep what was learnt with the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        vectorizers = _vectorizers()
        features = hstack([vectorizer.fit_transform(texts) for vectorizer in vectorizers]).tocsr()
        model = LogisticRegression(
            C=self._config["c"],
            **{name: self._config[name] for name in ("random_state", "max_iter", "tol")},
        )
        model.fit(features, [example.get(INTENT) for example in examples])
        self._learn(vectorizers, model.classes_, model.coef_.T, model.intercept_)
        self._persist()
        return self._resource

    def _learn(self, vectorizers, intents, weights, biases):
        self._vectorizers = vectorizers
        self._intents = [str(intent) for intent in intents]
        # By rows: a message touches some hundreds of fifty thousand.
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)
        self._biases = np.asarray(biases, dtype=np.float32)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message, and the ranking behind it."""
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, text):
        features = hstack([each.transform([text]) for each in self._vectorizers]).tocsr()
        scores = features.data @ self._weights[features.indices] + self._biases
        scores = (scores - scores.max()) / self._config["temperature"]
        confidences = np.exp(scores) / np.exp(scores).sum()
        best = np.argsort(-confidences)[:RANKED]
        return [
            {"name": self._intents[index], "confidence": float(confidences[index])}
            for index in best
        ]

    def _persist(self):
        learnt = {
            "intents": self._intents,
            "vocabularies": [
                {term: int(place) for term, place in each.vocabulary_.items()}
                for each in self._vectorizers
            ],
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / "learnt.json").write_text(json.dumps(learnt))
            np.savez(
                folder / "learnt.npz",
                weights=self._weights,
                biases=self._biases,
                **{f"idf{i}": each.idf_ for i, each in enumerate(self._vectorizers)},
            )

    @classmethod
    def load(cls, config, model_storage, resource, execution_context, **_):
        """The classifier as it was trained."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            learnt = json.loads((folder / "learnt.json").read_text())
            numbers = np.load(folder / "learnt.npz")
            vectorizers = _vectorizers()
            for i, each in enumerate(vectorizers):
                each.vocabulary = learnt["vocabularies"][i]
                each.idf_ = numbers[f"idf{i}"]
            classifier._learn(vectorizers, learnt["intents"], numbers["weights"], numbers["biases"])
        return classifier
