# shellcheck shell=bash
# Sourced: `stage NAME` begins a stage and ends the one before; `stages` tells how long each took.

stage_name=
stage_table=

end_stage() {
  [[ -n $stage_name ]] || return 0
  local hundredths=$(((${EPOCHREALTIME/[.,]/} - stage_start) / 10000))
  stage_table+=$(printf '%6d.%02d s  %s' $((hundredths / 100)) $((hundredths % 100)) \
    "$stage_name")$'\n'
  stage_name=
}

stage() {
  end_stage
  stage_name=$1
  stage_start=${EPOCHREALTIME/[.,]/}
  printf '\n== %s\n' "$1"
}

stages() {
  end_stage
  printf '\n== time of each stage\n%s' "$stage_table"
}
