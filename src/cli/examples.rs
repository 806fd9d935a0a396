//! Two examples for each command whose help ends with nothing else.

pub(super) const ROOT: &str = "\
Examples:
  keywright --sandbox keys create \"my first key\"
  keywright login sieve --with-key < key.txt";
pub(super) const DOCTOR: &str = "\
Examples:
  keywright doctor
  keywright doctor --json";
pub(super) const EXCHANGE: &str = "\
Examples:
  keywright exchange
  keywright -p sieve exchange --json";
pub(super) const REFRESH: &str = "\
Examples:
  keywright refresh
  keywright -p siati refresh --json";
#[cfg(feature = "sandbox")]
pub(super) const SANDBOX: &str = "\
Examples:
  keywright sandbox
  keywright sandbox --quiet";
pub(super) const PROFILES_LIST: &str = "\
Examples:
  keywright profiles list
  keywright profiles list --check";
pub(super) const PROFILES_SHOW: &str = "\
Examples:
  keywright profiles show
  keywright profiles show production --check";
pub(super) const PROFILES_USE: &str = "\
Examples:
  keywright profiles use production
  keywright -p staging keys list    # for one command alone";
pub(super) const PROFILES_MOVE: &str = "\
Examples:
  keywright profiles move --store file
  keywright profiles move production --store keyring";
pub(super) const PROFILES_REMOVE: &str = "\
Examples:
  keywright profiles remove staging
  keywright profiles remove staging --yes";
pub(super) const ROTATIONS_LIST: &str = "\
Examples:
  keywright rotations list
  keywright rotations list --json";
pub(super) const ROTATIONS_SHOW: &str = "\
Examples:
  keywright rotations show 20261120-3f9a0c --json
  keywright rotations show 20261120-3f9a0c --raw > answer";
pub(super) const ROTATIONS_RESUME: &str = "\
Examples:
  keywright rotations resume
  keywright rotations resume 20261120-3f9a0c --yes";
pub(super) const ROTATIONS_ABORT: &str = "\
Examples:
  keywright rotations abort
  keywright rotations abort 20261120-3f9a0c --yes";
pub(super) const ROTATIONS_UNDO: &str = "\
Examples:
  keywright rotations undo
  keywright rotations undo 20261120-3f9a0c";
pub(super) const KEYS_LIST: &str = "\
Examples:
  keywright keys list --sort last-used
  keywright keys list --all-profiles --older-than 90d --json";
pub(super) const KEYS_SHOW: &str = "\
Examples:
  keywright keys show ci
  keywright keys show ci --json";
pub(super) const KEYS_RENAME: &str = "\
Examples:
  keywright keys rename ci deploy
  keywright keys rename 8a13d762 \"Production backend\"";
pub(super) const KEYS_REVOKE: &str = "\
Examples:
  keywright keys revoke ci
  keywright keys revoke 8a13d762 297ebd7c --yes";
pub(super) const KEYS_STATUS: &str = "\
Examples:
  keywright keys status
  keywright -p sieve keys status --json";
pub(super) const KEYS_VERIFY: &str = "\
Examples:
  keywright keys verify
  keywright -p production keys verify --json";
pub(super) const PROVIDERS_LIST: &str = "\
Examples:
  keywright providers list
  keywright providers list --json";
pub(super) const PROVIDERS_SHOW: &str = "\
Examples:
  keywright providers show schatzi
  keywright providers show schatzi --manifest > mine.toml";
pub(super) const PROVIDERS_NEW: &str = "\
At a terminal, missing values are prompted for. A value that you leave empty becomes a comment that explains it.

Examples:
  keywright providers new acme
  keywright providers new acme --title Acme --url https://api.acme.example.com --header X-Api-Key --list /keys --id /id";
pub(super) const PROVIDERS_CHECK: &str = "\
Examples:
  keywright providers check ~/.config/keywright/providers/acme.toml
  keywright providers check acme --json
  keywright providers check acme --live -p acme";
pub(super) const PROVIDERS_SCHEMA: &str = "\
Examples:
  keywright providers schema > keywright-manifest.json
  keywright providers schema | jq .properties.operations";
pub(super) const CREDENTIAL_GIT: &str = "\
Examples:
  git config --global credential.https://git.example.com.helper '!keywright credential git'
  printf 'host=git.example.com\\n\\n' | keywright credential git get";
pub(super) const CREDENTIAL_AWS: &str = "\
Examples:
  credential_process = keywright --profile cloud credential aws
  keywright -p cloud credential aws";
pub(super) const CREDENTIAL_K8S: &str = "\
Examples:
  kubectl config set-credentials ci --exec-command=keywright --exec-arg=credential --exec-arg=k8s --exec-api-version=client.authentication.k8s.io/v1
  keywright -p cluster credential k8s";
pub(super) const CREDENTIAL_DOCKER: &str = "\
Examples:
  exec keywright credential docker \"$@\"
  echo registry.example.com | keywright credential docker get";
