# For scripts that put Python packages in .venv, each of which may be missing alone.

# add NAME MODULES PACKAGES: whether the modules can be imported, after asking pip where they cannot.
add() {
  local name=$1 modules=$2 log
  shift 2
  "$python" -c "import $modules" 2>/dev/null && return
  log=$(mktemp)
  echo "Installing $name in .venv"
  if "$python" -m pip install --quiet --disable-pip-version-check "$@" 2>"$log" &&
    "$python" -c "import $modules" 2>>"$log"; then
    rm -f "$log"
    return
  fi
  echo "Skipped $name: $(grep . "$log" | tail -1)" >&2
  rm -f "$log"
  return 1
}
