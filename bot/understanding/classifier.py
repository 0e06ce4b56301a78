"""An intent classifier for WhatsApp Portuguese: tf-idf of words and letters, linear SVM on it.

One component instead of a tokenizer, two featurizers and a classifier: better and faster
(docs/decisions/0002). It runs in Rasa's environment and keeps nothing but numbers.
"""

import json
import re
from collections import Counter

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
from sklearn.svm import LinearSVC

from bot.plain_text import normalise

RANKED = 10
_DIGIT = re.compile(r"\d")
_EMOJI = "[\u2600-\u27bf\U0001f300-\U0001faff]"
_TOKEN = re.compile(rf"\w+|[?!$%]|{_EMOJI}")


def plain(text):
    """`text` in one spelling, any digit as 0 (which number it is, the parsers tell), then its
    emoji: a thumb may be all there is."""
    return " ".join([_DIGIT.sub("0", normalise(text)), *re.findall(_EMOJI, text)])


def spelling_with(synonyms):
    """`plain`, and words that people type for others (`data/nlu/`) as those others."""
    if not synonyms:
        return plain
    typed = "|".join(map(re.escape, sorted(synonyms, key=len, reverse=True)))
    pattern = re.compile(rf"\b(?:{typed})\b")
    return lambda text: pattern.sub(lambda match: synonyms[match[0]], plain(text))


def vectorizers(spelling=plain):
    """Words and pairs of them, words that stand apart, letters within words and across them."""
    options = (
        {"ngram_range": (1, 2), "token_pattern": _TOKEN.pattern},
        {"analyzer": lambda text: _apart(_TOKEN.findall(spelling(text))), "min_df": 2},
        {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2},
        {"analyzer": "char", "ngram_range": (2, 6), "min_df": 3},
    )
    return [TfidfVectorizer(preprocessor=spelling, sublinear_tf=True, **each) for each in options]


def _apart(words):
    """Pairs of words with one or two between them, the first word as such and the last."""
    pairs = [f"{one} {other}" for i, one in enumerate(words) for other in words[i + 2 : i + 4]]
    return [*pairs, f"^ {words[0]}", f"{words[-1]} $"] if words else []


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True, model_from=None
)
class NgramClassifier(GraphComponent, IntentClassifier):
    """Gives every message its intent and the ten likeliest, with calibrated confidences."""

    vectorizers = staticmethod(vectorizers)

    @staticmethod
    def get_default_config():
        """`c`: how closely to follow the examples; `temperature`: lower is surer."""
        return {"c": 1.0, "temperature": 0.125, "random_state": 20}

    def __init__(self, config, storage, resource):
        self._config, self._storage, self._resource = config, storage, resource
        self._vectorizers, self._synonyms = [], {}

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, and keep what was learnt with the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        synonyms = training_data.entity_synonyms
        self._synonyms = {plain(typed): plain(meant) for typed, meant in synonyms.items()}
        learners = self.vectorizers(spelling_with(self._synonyms))
        features = hstack([each.fit_transform(texts) for each in learners]).tocsr()
        model = LinearSVC(C=self._config["c"], random_state=self._config["random_state"])
        model.fit(features, [example.get(INTENT) for example in examples])
        self._learn(learners, model.classes_, model.coef_.T, model.intercept_)
        self._persist()
        return self._resource

    def _learn(self, learners, intents, weights, biases):
        self._vectorizers = learners
        self._analyzers = [each.build_analyzer() for each in learners]
        self._offsets = np.cumsum([0, *(len(each.vocabulary_) for each in learners)])
        self._idfs = [each.idf_ for each in learners]
        self._intents = [str(intent) for intent in intents]
        # By rows: a message touches some hundreds of a hundred and fifty thousand.
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
        scores = self._biases.copy()
        for part in range(len(self._vectorizers)):
            scores += self._scores(part, text)
        scores = (scores - scores.max()) / self._config["temperature"]
        confidences = np.exp(scores) / np.exp(scores).sum()
        best = np.argsort(-confidences)[:RANKED]
        return [
            {"name": self._intents[index], "confidence": float(confidences[index])}
            for index in best
        ]

    def _scores(self, part, text):
        """What one vectorizer adds; as its own `transform` has it, which is slow on one message."""
        places = self._vectorizers[part].vocabulary_
        counts = Counter(places[each] for each in self._analyzers[part](text) if each in places)
        if not counts:
            return 0
        found = np.fromiter(counts, dtype=np.intp)
        often = np.fromiter(counts.values(), dtype=np.float32)
        values = (1 + np.log(often)) * self._idfs[part][found]
        return (values / np.linalg.norm(values)) @ self._weights[found + self._offsets[part]]

    def _persist(self):
        learnt = {
            "intents": self._intents,
            "synonyms": self._synonyms,
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
            classifier._synonyms = learnt.get("synonyms", {})
            learners = cls.vectorizers(spelling_with(classifier._synonyms))
            for i, each in enumerate(learners):
                each.vocabulary = learnt["vocabularies"][i]
                each.idf_ = numbers[f"idf{i}"]
            classifier._learn(learners, learnt["intents"], numbers["weights"], numbers["biases"])
        return classifier
