#!/bin/sh
# Installs keywright for this user: the program, completion for bash, zsh and fish, and the man pages. No root.
#
#   curl -fsSL @repository@/releases/latest/download/install.sh | sh
#
# The archive is verified against its SHA-256 before anything is unpacked. Options follow `sh -s --`:
#   --version VERSION   another version than this script's own, or than the latest
#   --prefix FOLDER     where to: FOLDER/bin and FOLDER/share (default: ~/.local)
#   --target TARGET     another system than that of this machine
#   --uninstall         removes what was installed below the prefix; keys and profiles stay
# KEYWRIGHT_VERSION and KEYWRIGHT_PREFIX do the same. KEYWRIGHT_RELEASES is the address of a mirror of the releases; for it
# and for --version the checksum comes from SHA256SUMS of that release, unless KEYWRIGHT_SHA256 says what it must be.
set -eu

own_version='@version@'
repository='@repository@'
own_checksums='@checksums@'

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "error: $1"
  [ $# -lt 2 ] || say "hint: $2"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# Saves an address as a file. Nothing but HTTPS, files, and this machine itself.
fetch() {
  case $1 in
    file://*)
      cp "${1#file://}" "$2" 2>/dev/null || fail "$1 does not exist"
      return
      ;;
    https://*) protocols='=https' ;;
    http://127.0.0.1[:/]* | http://localhost[:/]*) protocols='=http' ;;
    *) fail "$1 is not HTTPS" ;;
  esac
  if has curl; then
    curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --retry 3 \
      --output "$2" "$1" || fail "$1 cannot be downloaded"
  elif has wget; then
    wget -q -O "$2" "$1" || fail "$1 cannot be downloaded"
  else
    fail "neither curl nor wget is installed"
  fi
}

sha256() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1
  else
    fail "none of sha256sum, shasum and openssl is installed, so the archive cannot be verified"
  fi
}

# Prints the target of this machine.
this_machine() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no keywright for the processor \`$machine\`" "build it from source: cargo install keywright" ;;
  esac
  case $system in
    Linux)
      # 2.17 or newer; `getconf` of musl does not know the name.
      libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
      # shellcheck disable=SC2086 # two numbers
      set -- $libc
      if [ $# = 2 ] && { [ "$1" -gt 2 ] || [ "$2" -ge 17 ]; }; then
        echo "$machine-unknown-linux-gnu"
      else
        echo "$machine-unknown-linux-musl"
      fi
      ;;
    Darwin)
      # A shell under Rosetta says x86_64.
      [ "$(sysctl -n hw.optional.arm64 2>/dev/null || true)" != 1 ] || machine=aarch64
      echo "$machine-apple-darwin"
      ;;
    *) fail "there is no keywright for \`$system\`" "on Windows: install.ps1; elsewhere: cargo install keywright" ;;
  esac
}

uninstall() {
  list=$prefix/share/keywright/installed
  [ -f "$list" ] || fail "keywright was not installed below \`$prefix\` by this script" "name its folder: --prefix FOLDER"
  while IFS= read -r path; do
    case $path in bin/* | share/*) rm -f "$prefix/$path" ;; esac
  done < "$list"
  rm -f "$list"
  rmdir "$prefix/share/keywright" 2>/dev/null || true
  say "removed keywright from \`$prefix\`; keys and profiles stay"
}

unwritable() {
  fail "\`$prefix\` cannot be written" "choose another folder: --prefix FOLDER"
}

# Puts a file of the archive below the prefix. A program that runs keeps its file.
put() {
  mkdir -p "$(dirname "$prefix/$2")" || unwritable
  if [ -d "$prefix/$2" ] || ! cp "$unpacked/$1" "$prefix/$2.new" \
    || ! chmod "$3" "$prefix/$2.new" || ! mv -f "$prefix/$2.new" "$prefix/$2"; then
    rm -f "$prefix/$2.new"
    unwritable
  fi
}

install() {
  releases=${KEYWRIGHT_RELEASES:-$repository/releases}
  checksum=${KEYWRIGHT_SHA256:-}
  if [ -z "$checksum" ] && [ -n "$own_checksums" ] && [ -z "${KEYWRIGHT_RELEASES:-}" ] \
    && { [ -z "$version" ] || [ "$version" = "$own_version" ]; }; then
    version=$own_version
    printf '%s\n' "$own_checksums" > "$folder/SHA256SUMS"
  elif [ -z "$checksum" ] || [ -z "$version" ]; then
    case $releases in *://*) ;; *) fail "this script does not know where the releases are" "set KEYWRIGHT_RELEASES" ;; esac
    from=$releases/latest/download
    [ -z "$version" ] || from=$releases/download/v$version
    fetch "$from/SHA256SUMS" "$folder/SHA256SUMS"
  fi
  if [ -z "$version" ]; then
    version=$(sed -n "s/^[0-9a-f]*  keywright-\(.*\)-$target\.tar\.gz\$/\1/p" "$folder/SHA256SUMS")
    [ -n "$version" ] || fail "the latest release has nothing for $target"
  fi
  archive=keywright-$version-$target.tar.gz
  if [ -z "$checksum" ]; then
    checksum=$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$folder/SHA256SUMS")
    [ -n "$checksum" ] || fail "keywright $version has no archive for $target"
  fi
  fetch "$releases/download/v$version/$archive" "$folder/$archive"
  found=$(sha256 "$folder/$archive")
  [ "$found" = "$checksum" ] || fail "$archive is not what was released: its SHA-256 is $found and not $checksum" \
    "nothing was installed; download it again, and report it if it stays so"
  tar -xzf "$folder/$archive" -C "$folder"
  unpacked=$folder/keywright-$version-$target
  if [ "$target" = "$(this_machine)" ]; then
    "$unpacked/keywright" --version >/dev/null || fail "keywright $version does not run on this machine"
  fi

  {
    echo bin/keywright
    echo share/bash-completion/completions/keywright
    echo share/zsh/site-functions/_keywright
    echo share/fish/vendor_completions.d/keywright.fish
    (cd "$unpacked" && printf 'share/%s\n' man/man?/*)
  } > "$folder/installed"
  # First what may be there from now on: --uninstall finds all of it, even if this is interrupted.
  list=$prefix/share/keywright/installed
  : > "$folder/stale"
  if [ -f "$list" ]; then
    # A page that this version no longer has.
    grep -vxF -f "$folder/installed" "$list" > "$folder/stale" || true
  fi
  mkdir -p "$(dirname "$list")" || unwritable
  cat "$folder/installed" "$folder/stale" > "$list" || unwritable

  put keywright bin/keywright 755
  put completions/keywright.bash share/bash-completion/completions/keywright 644
  put completions/_keywright share/zsh/site-functions/_keywright 644
  put completions/keywright.fish share/fish/vendor_completions.d/keywright.fish 644
  for page in "$unpacked"/man/man?/*; do
    page=${page#"$unpacked"/}
    put "$page" "share/$page" 644
  done
  while IFS= read -r path; do
    case $path in bin/* | share/*) rm -f "$prefix/$path" ;; esac
  done < "$folder/stale"
  cp "$folder/installed" "$list"
  say "installed keywright $version: $prefix/bin/keywright"
  case :$PATH: in
    *:"$prefix/bin":*) ;;
    *) say "hint: \`$prefix/bin\` is not in PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
  esac
  [ ! -t 2 ] || say "try it, without an account: keywright --sandbox keys create \"my first key\""
}

main() {
  # The script as it is in the repository, which was not made for one version.
  case $own_version in @*) own_version='' own_checksums='' repository='' ;; esac
  version=${KEYWRIGHT_VERSION:-}
  prefix=${KEYWRIGHT_PREFIX:-}
  target=''
  action=install
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --prefix | --target)
        [ $# -ge 2 ] || fail "$1 needs a value"
        case $1 in --version) version=$2 ;; --prefix) prefix=$2 ;; --target) target=$2 ;; esac
        shift
        ;;
      --uninstall) action=uninstall ;;
      *) fail "unknown option \`$1\`" "one of --version, --prefix, --target and --uninstall" ;;
    esac
    shift
  done
  version=${version#v}
  case $version$target in *[!A-Za-z0-9._+-]*) fail "a version and a target are letters, digits, dots and dashes" ;; esac
  [ -n "$prefix" ] || prefix=${HOME:?HOME is not set: use --prefix FOLDER}/.local
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  [ -n "$target" ] || target=$(this_machine)
  if [ "$action" = uninstall ]; then
    uninstall
    return
  fi
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 130' INT TERM
  install
}

# All of it is read before any of it runs.
main "$@"
