"""Known models and pairs, what their cards recommend, what fits; and the names of models.

The data are in `models.json`. Knows no disk, no network and no engine.
"""

from playground.catalog.data import BUILTIN as BUILTIN
from playground.catalog.data import KNOWN as KNOWN
from playground.catalog.data import PAIR_LABELS as PAIR_LABELS
from playground.catalog.data import PAIRS as PAIRS
from playground.catalog.data import KnownModel as KnownModel
from playground.catalog.known import AUTO as AUTO
from playground.catalog.known import DEFAULT_PAIR as DEFAULT_PAIR
from playground.catalog.known import known as known
from playground.catalog.known import missing_bytes as missing_bytes
from playground.catalog.known import pair as pair
from playground.catalog.known import served as served
from playground.catalog.known import with_thinking as with_thinking
from playground.catalog.names import OPTIONS as OPTIONS
from playground.catalog.names import ModelName as ModelName
from playground.catalog.names import Place as Place
from playground.catalog.names import parse_name as parse_name
