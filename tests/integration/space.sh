#!/usr/bin/env bash
# Tries a Space of spaces.yml as the Hub would build it: an environment with exactly its requirements
# and its Gradio, its files and no others, SPACE_ID set; then one real /compare over HTTP.
#   tests/integration/space.sh DIR [NAME]      NAME: cpu (the default) or another one without a GPU
# PYTHON=… is the interpreter (the Space's own version, 3.12, where there is one). Exit code 0: it
# answered; 77: no interpreter of that version is here.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=$1 name=${2:-cpu} port=${PORT:-8030}
mkdir -p "$place"

python=${PYTHON:-}
for candidate in ${python:-python3.12 "$HOME"/.pyenv/versions/3.12.*/bin/python}; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[[ -n $python ]] || { echo "No Python 3.12 is here."; exit 77; }

# The files come from the checkout's own environment: what `space push` would upload.
python - "$name" "$place/files" <<'PYTHON'
import shutil
import sys
from pathlib import Path

from playground.space.contents import contents
from playground.space.reading import named, read_spaces

name, place = sys.argv[1], Path(sys.argv[2])
shutil.rmtree(place, ignore_errors=True)
space = named(read_spaces(), name)
for upload in contents(space):
    path = place / upload.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(upload.content)
extras = "oauth,mcp" if space.login else "mcp"
(place.parent / "sdk.txt").write_text(
    f"gradio[{extras}]=={space.front_matter['sdk_version']}\nspaces\n", "utf-8"
)
PYTHON

[[ -x $place/venv/bin/python ]] || "$python" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet -r "$place/sdk.txt" -r "$place/files/requirements.txt"
"$place/venv/bin/python" -m pip check

log=$place/app.log
(
  cd "$place/files"
  export SPACE_ID=someone/$name SPACE_HOST=127.0.0.1 SYSTEM=spaces PLAYGROUND_SPACE=$name
  export HF_HUB_OFFLINE=1 OPENID_PROVIDER_URL=https://huggingface.co OAUTH_SCOPES=openid
  exec "$place/venv/bin/python" app.py --host 127.0.0.1 --port "$port"
) >"$log" 2>&1 &
app=$!
trap 'kill $app 2>/dev/null || true' EXIT
for _ in $(seq 180); do
  grep -q "side by side is at" "$log" && break
  kill -0 $app 2>/dev/null || { cat "$log"; exit 1; }
  sleep 1
done

python - "http://127.0.0.1:$port" <<'PYTHON'
import json
import sys
import urllib.request

from playground.space.trial import ask_once

address = sys.argv[1]
with urllib.request.urlopen(address + "/healthz", timeout=10) as response:
    print("healthz:", json.load(response)["status"])
for lane, result in ask_once(address, {}, 300).items():
    print(f"{lane}: {result['numbers']['generated_tokens']} tokens, {result['ending']}")
PYTHON
kill $app
wait $app || true
# Gradio leaves event loops to the garbage collector, which complains on 3.12; nothing of ours does.
! grep -n "File \"$place/files" "$log"
