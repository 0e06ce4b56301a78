"""The pipelines that are compared: Rasa's own, ours, and variations of ours."""

import re

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB

from bot.understanding.classifier import NgramClassifier, plain, vectorizers

SEED = 20

_BY_EAR = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"), ("[ck]h", "x"), ("sh", "x"), ("lh", "li"), ("nh", "ni"), ("h", ""),
        ("qu(?=[ei])|qu?|c(?=[^ei]|$)", "k"), ("sc|ss|c|z", "s"), ("gu(?=[ei])", "g"),
        ("g(?=[ei])", "j"), ("w|u|l(?![aeiou])", "o"), ("y|e", "i"), ("m(?![aeiou])", "n"),
        (r"r\b", ""), (r"(\w)\1+", r"\1"),
    )
]  # fmt: skip


def by_ear(text):
    """`text` as it sounds, so that what people spell alike by ear is spelt alike."""
    text = plain(text)
    for pattern, sound in _BY_EAR:
        text = pattern.sub(sound, text)
    return text


class AsTyped(NgramClassifier):
    """Ours without our spelling: only upper case is lowered."""

    vectorizers = staticmethod(lambda _: vectorizers(str.lower))


class ByEar(NgramClassifier):
    """Ours and the letters of what is heard."""

    @staticmethod
    def vectorizers(spelling=plain):
        """Those of ours and one more."""
        letters = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}
        return [
            *vectorizers(spelling),
            TfidfVectorizer(preprocessor=by_ear, sublinear_tf=True, **letters),
        ]


def _words_and_letters():
    """Ours without the words that stand apart and the letters across words."""
    return vectorizers()[::2]


def _regression():
    return LogisticRegression(C=30, random_state=SEED, max_iter=60, tol=0.001)


class Learner:
    """Vectorizers and a model of scikit-learn in the shape of a component."""

    @staticmethod
    def get_default_config():
        """Nothing but what `create` is given."""
        return {}

    @classmethod
    def create(cls, config, storage, resource, context):
        """An untrained learner of `features` and `model`, made anew for each training."""
        learner = cls()
        learner._vectorizers, learner._model = config["features"](), config["model"]()
        return learner

    def train(self, data):
        """Learn from the examples."""
        texts = [example.get(TEXT) for example in data.intent_examples]
        features = hstack([each.fit_transform(texts) for each in self._vectorizers]).tocsr()
        intents = np.array([example.get(INTENT) for example in data.intent_examples])
        self._model.fit(features, intents)

    def process(self, messages):
        """Set the intent of each message, and the ranking behind it."""
        for message in messages:
            features = hstack([each.transform([message.get(TEXT)]) for each in self._vectorizers])
            chances = self._model.predict_proba(features.tocsr())[0]
            ranking = [
                {"name": str(self._model.classes_[place]), "confidence": float(chances[place])}
                for place in (-chances).argsort()[:10]
            ]
            message.set(INTENT, ranking[0])
            message.set("intent_ranking", ranking)
        return messages


_STOCK = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {
        "name": "DIETClassifier",
        "epochs": 100,
        "constrain_similarities": True,
        "random_seed": SEED,
    },
]

_COUNTS = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer", "strip_accents": "unicode"},
    {
        "name": "CountVectorsFeaturizer",
        "strip_accents": "unicode",
        "analyzer": "char_wb",
        "min_ngram": 2,
        "max_ngram": 4,
    },
    {
        "name": "LogisticRegressionClassifier",
        "random_state": SEED,
        "max_iter": 100,
        "tol": 0.01,
    },
]

_OURS = [{"name": NgramClassifier}]


def _learner(features, model):
    return [{"name": Learner, "features": features, "model": model}]


PIPELINES = {
    "stock": _STOCK,
    "short": _OURS,
    "counts": _COUNTS,
    "ours": _OURS,
    "raw": [{"name": AsTyped}],
    "ear": [{"name": ByEar}],
    "regression": _learner(_words_and_letters, _regression),
    "bayes": _learner(vectorizers, lambda: ComplementNB(alpha=0.3)),
}
"""By name, the components with their options."""
