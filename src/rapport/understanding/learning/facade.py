"""What other packages may ask of learning; reached as ``understanding.learning``."""

from rapport.understanding.learning.collecting import collect, correct_decision
from rapport.understanding.learning.errors import Contradiction
from rapport.understanding.learning.importing import Synced, sync_examples
from rapport.understanding.learning.jobs import SCHEDULES, job_kinds
from rapport.understanding.learning.logic.drift import Shift
from rapport.understanding.learning.publishing import publish_held, roll_back
from rapport.understanding.learning.queries import (
    ExampleFilter,
    LabelInfo,
    check_rows,
    count_examples,
    count_queue,
    diff_versions,
    find_example,
    find_examples,
    find_model_version,
    label_names,
    list_alarms,
    list_changes,
    list_examples,
    list_labels,
    list_model_versions,
    list_queue,
    training_rows,
)
from rapport.understanding.learning.retraining import DEFAULT_RISK, Order, retrain
from rapport.understanding.learning.services import (
    accept,
    add_example,
    describe_intent,
    forget_conversation,
    may_learn_from,
    propose_example,
    reject,
    skip,
    undo,
)
from rapport.understanding.learning.state import is_training_due, last_outcome
from rapport.understanding.learning.values import (
    AlarmInfo,
    ChangeInfo,
    ExampleInfo,
    Proposal,
    TrainingOutcome,
    VersionDiff,
    VersionInfo,
)
from rapport.understanding.learning.watching import close_alarm, compare_windows, list_days, watch
from rapport.understanding.learning.workshop import Workshop

__all__ = [
    "DEFAULT_RISK",
    "SCHEDULES",
    "AlarmInfo",
    "ChangeInfo",
    "Contradiction",
    "ExampleFilter",
    "ExampleInfo",
    "LabelInfo",
    "Order",
    "Proposal",
    "Shift",
    "Synced",
    "TrainingOutcome",
    "VersionDiff",
    "VersionInfo",
    "Workshop",
    "accept",
    "add_example",
    "check_rows",
    "close_alarm",
    "collect",
    "compare_windows",
    "correct_decision",
    "count_examples",
    "count_queue",
    "describe_intent",
    "diff_versions",
    "find_example",
    "find_examples",
    "find_model_version",
    "forget_conversation",
    "is_training_due",
    "job_kinds",
    "label_names",
    "last_outcome",
    "list_alarms",
    "list_changes",
    "list_days",
    "list_examples",
    "list_labels",
    "list_model_versions",
    "list_queue",
    "may_learn_from",
    "propose_example",
    "publish_held",
    "reject",
    "retrain",
    "roll_back",
    "skip",
    "sync_examples",
    "training_rows",
    "undo",
    "watch",
]
